using System.Threading.Channels;

namespace SmsAi.Core.Platform.Live;

/// <summary>One listener's pending news: merged by topic, so a stuck browser holds at most one of each and loses none.</summary>
internal sealed class LiveReader(IReadOnlySet<string> wanted)
{
    readonly Lock _gate = new();
    readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    HashSet<string> _pending = new(StringComparer.Ordinal);

    public void Offer(IEnumerable<string> topics)
    {
        lock (_gate)
        {
            var before = _pending.Count;
            foreach (var topic in topics)
            {
                if (wanted.Contains(topic)) _pending.Add(topic);
            }
            if (_pending.Count == before) return;
        }
        _signal.Writer.TryWrite(true);
    }

    /// <summary>The next news; null when the reader was closed.</summary>
    public async ValueTask<LiveNews?> NextAsync()
    {
        while (await _signal.Reader.WaitToReadAsync())
        {
            _signal.Reader.TryRead(out _);
            lock (_gate)
            {
                if (_pending.Count == 0) continue;
                var news = new LiveNews(_pending);
                _pending = new(StringComparer.Ordinal);
                return news;
            }
        }
        return null;
    }

    public void Close() => _signal.Writer.TryComplete();
}
