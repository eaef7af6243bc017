using System.Threading.Channels;

namespace SmsAi.Core.Platform.Live;

/// <summary>One listener's pending news: merged by topic, so a stuck browser holds at most one of each and loses none.</summary>
internal sealed class LiveReader(IReadOnlySet<string> wanted)
{
    readonly Lock gate = new();
    readonly Channel<bool> signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    HashSet<string> pending = new(StringComparer.Ordinal);

    public void Offer(IEnumerable<string> topics)
    {
        lock (gate)
        {
            var before = pending.Count;
            foreach (var topic in topics)
            {
                if (wanted.Contains(topic)) pending.Add(topic);
            }
            if (pending.Count == before) return;
        }
        signal.Writer.TryWrite(true);
    }

    /// <summary>The next news; null when the reader was closed.</summary>
    public async ValueTask<LiveNews?> NextAsync()
    {
        while (await signal.Reader.WaitToReadAsync())
        {
            signal.Reader.TryRead(out _);
            lock (gate)
            {
                if (pending.Count == 0) continue;
                var news = new LiveNews(pending);
                pending = new(StringComparer.Ordinal);
                return news;
            }
        }
        return null;
    }

    public void Close() => signal.Writer.TryComplete();
}
