using SmsAi.Core.Features.Metrics;

namespace SmsAi.Web.Features.Metrics;

/// <summary>What the Overview shows: the replica's snapshot, a longer span for the pictures, and the texts, for those who chose to see them.</summary>
public sealed class OverviewModel(OverviewSource source, OverviewSpans spans, TimeProvider time)
{
    private static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _begunAt = time.GetUtcNow();
    private long _bodiesReadAt;
    private OverviewSpan? _longer;

    /// <summary>Null before the first.</summary>
    public OverviewSnapshot? Snapshot { get; private set; }

    /// <summary>The figures stopped coming, or never came; the last ones are shown as such.</summary>
    public bool IsOld => time.GetUtcNow() - (Snapshot?.At ?? _begunAt) > OldAfter;

    /// <summary>How far back the pictures reach.</summary>
    public OverviewReach Reach { get; private set; }

    /// <summary>What the pictures show; null before the first.</summary>
    public OverviewSpan? Span => Reach == OverviewReach.Hour ? Snapshot?.Hour : _longer;

    /// <summary>The operator wants to see texts, and may.</summary>
    public bool ShowsBodies { get; private set; }

    public IReadOnlyDictionary<long, string> Bodies { get; private set; } = new Dictionary<long, string>();

    public IAsyncEnumerable<OverviewSnapshot> WatchAsync(CancellationToken cancel) => source.WatchAsync(cancel);

    public async Task ApplyAsync(OverviewSnapshot snapshot, CancellationToken cancel)
    {
        Snapshot = snapshot;
        await ReadSpanAsync(cancel);
        if (ShowsBodies && IsDue(ref _bodiesReadAt))
            await ReadBodiesAsync(cancel);
    }

    public async Task ReachAsync(OverviewReach reach, CancellationToken cancel)
    {
        Reach = reach;
        await ReadSpanAsync(cancel);
    }

    /// <summary>The caller checks the right.</summary>
    public async Task ShowBodiesAsync(bool shows, CancellationToken cancel)
    {
        ShowsBodies = shows;
        Bodies = new Dictionary<long, string>();
        if (shows)
            await ReadBodiesAsync(cancel);
    }

    private async Task ReadSpanAsync(CancellationToken cancel)
    {
        var reach = Reach;
        var read = reach == OverviewReach.Hour ? null : await spans.ReadAsync(reach, cancel);
        if (reach == Reach)
            _longer = read;
    }

    private async Task ReadBodiesAsync(CancellationToken cancel) =>
        Bodies = await source.ReadBodiesAsync([.. (Snapshot?.Tail ?? []).Select(row => row.Id)], cancel);

    // The snapshot is everybody's; what only this screen asks for, it asks for once a second.
    private bool IsDue(ref long last)
    {
        if (last != 0 && time.GetElapsedTime(last) < AskAgain)
            return false;
        last = time.GetTimestamp();
        return true;
    }
}
