using SmsAi.Core.Features.Metrics;

namespace SmsAi.Web.Features.Metrics;

/// <summary>What the Overview shows: the replica's snapshot, and the texts for those who chose to see them.</summary>
public sealed class OverviewModel(OverviewSource source, TimeProvider time)
{
    private static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private long _bodiesReadAt;

    /// <summary>Null before the first.</summary>
    public OverviewSnapshot? Snapshot { get; private set; }

    /// <summary>The figures stopped coming; the last ones are shown as such.</summary>
    public bool IsOld => Snapshot is { } snapshot && time.GetUtcNow() - snapshot.At > OldAfter;

    /// <summary>The operator wants to see texts, and may.</summary>
    public bool ShowsBodies { get; private set; }

    public IReadOnlyDictionary<long, string> Bodies { get; private set; } = new Dictionary<long, string>();

    public IAsyncEnumerable<OverviewSnapshot> WatchAsync(CancellationToken cancel) => source.WatchAsync(cancel);

    public async Task ApplyAsync(OverviewSnapshot snapshot, CancellationToken cancel)
    {
        Snapshot = snapshot;
        if (ShowsBodies && IsDue(ref _bodiesReadAt))
            await ReadBodiesAsync(cancel);
    }

    /// <summary>The caller checks the right.</summary>
    public async Task ShowBodiesAsync(bool shows, CancellationToken cancel)
    {
        ShowsBodies = shows;
        Bodies = new Dictionary<long, string>();
        if (shows)
            await ReadBodiesAsync(cancel);
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
