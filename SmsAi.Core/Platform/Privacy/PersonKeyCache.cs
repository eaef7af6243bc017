namespace SmsAi.Core.Platform.Privacy;

/// <summary>Unwrapped keys by id, the least recently used leaving first. Being in here gives no right to use a key: see <see cref="PersonKeys"/>.</summary>
internal sealed class PersonKeyCache(int capacity)
{
    private readonly Dictionary<Guid, LinkedListNode<PersonKey>> _byId = [];
    private readonly LinkedList<PersonKey> _newestFirst = [];
    private readonly Lock _lock = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _byId.Count;
        }
    }

    public PersonKey? Find(Guid id)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var node))
                return null;
            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value;
        }
    }

    public void Add(PersonKey key)
    {
        lock (_lock)
        {
            if (_byId.ContainsKey(key.Id))
                return;
            _byId[key.Id] = _newestFirst.AddFirst(key);
            if (_byId.Count > capacity)
                Drop(_newestFirst.Last!);
        }
    }

    public void Remove(Guid id)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(id, out var node))
                Drop(node);
        }
    }

    private void Drop(LinkedListNode<PersonKey> node)
    {
        _byId.Remove(node.Value.Id);
        _newestFirst.Remove(node);
    }
}
