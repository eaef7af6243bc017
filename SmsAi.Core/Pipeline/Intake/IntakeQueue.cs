using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Takes verified texts in: stores each once, in the order of arrival, before anyone is told that it was taken.</summary>
public sealed partial class IntakeQueue : IAsyncDisposable
{
    private readonly GroupCommit<InboundArrival, IntakeResult> _commits;
    private readonly IntakeRows _rows;
    private readonly IntakeStatement _statement;
    private readonly ITurnStarter _starter;
    private readonly TurnSlots _slots;
    private readonly LiveFeed _live;
    private readonly TimeSpan _patience;
    private readonly ILogger _logger;

    public IntakeQueue(
        Databases databases, IntakeRows rows, IntakeStatement statement, ITurnStarter starter, TurnSlots slots, WriterTurn turn,
        LiveFeed live, IOptions<IntakeOptions> options, ILogger<IntakeQueue> logger)
    {
        (_rows, _statement, _starter, _slots, _live, _logger) = (rows, statement, starter, slots, live, logger);
        _patience = options.Value.Patience;
        _commits = new(databases.Road, options.Value.Writers, options.Value.LargestBatch, capacity: 8192, CommitAsync, turn, laneOf: PersonOf);
    }

    /// <summary>
    /// Completes after the commit. <see cref="IntakeResult.Unavailable"/> when the database doesn't answer in time; a commit that
    /// still happens afterwards is met again by its SID.
    /// </summary>
    public async Task<IntakeResult> AddAsync(InboundArrival arrival, CancellationToken cancel)
    {
        try
        {
            // Waited for once: the commit goes on when the caller gives up.
            return await _commits.AddAsync(arrival, CancellationToken.None).WaitAsync(_patience, cancel);
        }
        catch (TimeoutException)
        {
            return IntakeResult.Unavailable;
        }
        catch (NpgsqlException fault)
        {
            LogNotStored(_logger, fault.SqlState ?? "no answer");
            return IntakeResult.Unavailable;
        }
    }

    // A person's texts keep the order of arrival, and two writers never wait for each other's person.
    private static int PersonOf(InboundArrival arrival) => arrival.Text.From.Canonical.GetHashCode(StringComparison.Ordinal);

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<IntakeResult[]> CommitAsync(IReadOnlyList<InboundArrival> arrivals)
    {
        var results = new IntakeResult[arrivals.Count];
        var open = await _rows.PrepareAsync(arrivals, CancellationToken.None);
        var indexes = Enumerable.Range(0, arrivals.Count).ToArray();
        for (var round = 0; open.Count > 0; round++)
        {
            // Another replica's key won twice in a row only if it is erased and made anew at this very moment.
            if (round == 4)
                throw new NpgsqlException("A person's key changed too often; the batch is given back.");
            (open, indexes) = await CommitOnceAsync(open, indexes, results);
        }

        _live.Publish("messages");
        return results;
    }

    /// <summary>Stores what can be stored now; the rest comes back with the keys that won.</summary>
    private async Task<(List<IntakeRow> Open, int[] Indexes)> CommitOnceAsync(List<IntakeRow> rows, int[] indexes, IntakeResult[] results)
    {
        var mayLease = _slots.TryTake(rows.Count);
        var leased = 0;
        try
        {
            var kept = await _statement.RunAsync(rows, mayLease, CancellationToken.None);
            // Checkpoint 1: the texts are stored and partly leased by us. Dying here costs a lease time, no text.
            var open = new List<IntakeRow>();
            var openIndexes = new List<int>();
            for (var index = 0; index < rows.Count; index++)
            {
                var (row, outcome) = (rows[index], kept[index]);
                _rows.Learn(row, outcome);
                if (outcome.Code == IntakeOutcome.OtherKey)
                {
                    open.Add(row);
                    openIndexes.Add(indexes[index]);
                    continue;
                }

                results[indexes[index]] = outcome.Code == IntakeOutcome.Kept ? IntakeResult.Kept : IntakeResult.Known;
                if (!outcome.Runs)
                    continue;
                leased++;
                _starter.Start(outcome.ToTurn(row));
            }

            return (open, [.. openIndexes]);
        }
        finally
        {
            if (mayLease)
                _slots.Give(rows.Count - leased);
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "Texts were not stored ({SqlState}); they were answered 503 and come again")]
    private static partial void LogNotStored(ILogger logger, string sqlState);
}
