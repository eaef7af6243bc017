using System.Diagnostics.CodeAnalysis;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>A bounded cache that forgets what was not used for a whole generation: when the young half is full, the old half goes.</summary>
public sealed class TwoGenerationCache<TKey, TValue>(int generation)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(key, out value))
                return true;
            if (!_old.TryGetValue(key, out value))
                return false;
            PutInside(key, value);
            return true;
        }
    }

    public void Put(TKey key, TValue value)
    {
        lock (_gate)
            PutInside(key, value);
    }

    public void Remove(TKey key)
    {
        lock (_gate)
        {
            _young.Remove(key);
            _old.Remove(key);
        }
    }

    private void PutInside(TKey key, TValue value)
    {
        if (_young.Count >= generation && !_young.ContainsKey(key))
            (_old, _young) = (_young, []);
        _young[key] = value;
    }
}
