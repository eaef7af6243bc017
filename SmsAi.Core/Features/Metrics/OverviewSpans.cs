using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Metrics;

/// <summary>
/// The replica's pictures of the day and of seven days: read when somebody asks for them, for all who ask within some seconds once. Steps that
/// have passed are kept and only the last two are read again, but now and then all, since the figures can be counted anew from the ledger.
/// </summary>
public sealed class OverviewSpans : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadAllAgain = TimeSpan.FromMinutes(10);

    private readonly Databases _databases;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<OverviewReach, Kept> _kept = [];

    internal OverviewSpans(Databases databases, TimeProvider clock) => (_databases, _clock) = (databases, clock);

    public async Task<OverviewSpan> ReadAsync(OverviewReach reach, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            var now = _clock.GetUtcNow().UtcDateTime;
            if (_kept.TryGetValue(reach, out var kept) && now - kept.At < Fresh)
                return kept.Span;
            return (_kept[reach] = await ReadAsync(reach, kept, now, cancel)).Span;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<Kept> ReadAsync(OverviewReach reach, Kept? kept, DateTime now, CancellationToken cancel)
    {
        var (from, step) = OverviewSpan.Bounds(reach, now);
        if (kept is null || kept.Counts.Step != step || now - kept.AllReadAt > ReadAllAgain)
            kept = new(new(step), now, now, null!);
        var since = kept.AllReadAt == now ? from : OverviewSpan.Floor(kept.At, step) - step;
        if (since < from)
            since = from;
        await using var connection = await _databases.Pages.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                OverviewQuery.Command(OverviewSql.Minutes, since),
                OverviewQuery.Command(OverviewSql.Flips, from),
                OverviewQuery.Command(OverviewSql.TimedStops),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        kept.Counts.Replace(since, await OverviewQuery.ListAsync(rows, StoredMinute.Of, cancel));
        var bands = await OverviewQuery.BandsAsync(rows, from, now, cancel);
        return kept with { At = now, Span = kept.Counts.Span(reach, from, now, bands) };
    }

    private sealed record Kept(StepCounts Counts, DateTime AllReadAt, DateTime At, OverviewSpan Span);
}
