using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Limits;

namespace SmsAi.Web.Features.Metrics;

/// <summary>What the Overview shows: the replica's snapshot, the receipt of a stop while there is one, and the texts for those who chose to see them.</summary>
public sealed class OverviewModel(OverviewSource source, StopSwitches switches, IOptions<StalenessOptions> staleness, TimeProvider time)
{
    private static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private long _switchesReadAt;
    private long _bodiesReadAt;

    /// <summary>Null before the first.</summary>
    public OverviewSnapshot? Snapshot { get; private set; }

    /// <summary>The figures stopped coming; the last ones are shown as such.</summary>
    public bool IsOld => Snapshot is { } snapshot && time.GetUtcNow() - snapshot.At > OldAfter;

    /// <summary>The switch that stops everything or pauses answers just now, with what it did so far.</summary>
    public Switch? Stopped { get; private set; }

    public StopReceipt? Receipt { get; private set; }

    /// <summary>Texts older than this are not answered any more when a pause ends.</summary>
    public TimeSpan AnsweredWithin => staleness.Value.MaxAge;

    /// <summary>The operator wants to see texts, and may.</summary>
    public bool ShowsBodies { get; private set; }

    public IReadOnlyDictionary<long, string> Bodies { get; private set; } = new Dictionary<long, string>();

    public IAsyncEnumerable<OverviewSnapshot> WatchAsync(CancellationToken cancel) => source.WatchAsync(cancel);

    public async Task ApplyAsync(OverviewSnapshot snapshot, CancellationToken cancel)
    {
        Snapshot = snapshot;
        if (!snapshot.Bands.Any(band => band is { Until: null, Switch: Switch.Kill or Switch.Pause }))
            (Stopped, Receipt) = (null, null);
        else if (IsDue(ref _switchesReadAt) || Stopped is null)
            await ReadSwitchesAsync(cancel);
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

    public async Task ExplainAsync(string reason, Actor actor, CancellationToken cancel)
    {
        if (Receipt is not { } receipt)
            return;
        await switches.ExplainAsync(receipt.Ver, reason, actor, cancel);
        await ReadSwitchesAsync(cancel);
    }

    private async Task ReadSwitchesAsync(CancellationToken cancel)
    {
        var state = await switches.ReadAsync(cancel);
        Stopped = state.IsKilled ? state.Kill : state.IsPaused ? state.Pause : null;
        Receipt = Stopped is { } stopped ? await switches.ReceiptAsync(stopped.Ver, cancel) : null;
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
