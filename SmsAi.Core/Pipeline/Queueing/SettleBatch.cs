using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>What a settled turn leaves its worker with.</summary>
/// <param name="Kept">False when nothing was written: the lease had been lost, or this very end was written before.</param>
/// <param name="NextItem">The conversation's next item, already running under the same lease.</param>
public readonly record struct Settled(bool Kept, long? NextItem);

/// <summary>Group commit for the ends of turns: effects and ledger in one transaction, with the release of the lease where nothing more is pending.</summary>
public sealed class SettleBatch : IAsyncDisposable
{
    private readonly Databases _databases;
    private readonly TurnSlots _slots;
    private readonly TimeSpan _lease;
    private readonly GroupCommit<Settlement, Settled> _commits;

    public SettleBatch(Databases databases, TurnSlots slots, WriterTurn turn, IOptions<QueueOptions> options)
    {
        (_databases, _slots, _lease) = (databases, slots, options.Value.Lease);
        _commits = new(databases.Road, writers: 1, largestBatch: 96, capacity: 8192, CommitAsync, turn);
    }

    public Task<Settled> AddAsync(Settlement settlement) => _commits.AddAsync(settlement, CancellationToken.None);

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<Settled[]> CommitAsync(IReadOnlyList<Settlement> ends)
    {
        var settled = new Dictionary<long, long>(ends.Count);
        var next = await SettleAsync(ends, settled) is { Count: > 0 } more ? await TryReleaseAsync(more) : [];
        return [.. ends.Select(end => settled.TryGetValue(end.Turn.ConversationId, out var fence) && fence == end.Turn.Fence
            ? new Settled(true, next.TryGetValue(end.Turn.ConversationId, out var item) ? item : null)
            : default)];
    }

    /// <summary>Notes the fences of those that were settled; returns those in whose conversations more is pending.</summary>
    private async Task<List<Settlement>> SettleAsync(IReadOnlyList<Settlement> ends, Dictionary<long, long> settled)
    {
        var isPlain = ends.All(end => end.IsPlain);
        await using var command = _databases.Road.CreateCommand(isPlain ? QueueSql.SettlePlain : QueueSql.Settle);
        if (isPlain)
        {
            AddPlain(command.Parameters, ends);
        }
        else
        {
            AddItems(command.Parameters, ends);
            AddMessages(command.Parameters, ends);
        }

        var more = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            settled[reader.GetInt64(0)] = reader.GetInt64(1);
            if (reader.GetBoolean(2))
                more.Add(reader.GetInt64(0));
        }

        // To the end: a commit that failed says so there.
        await reader.NextResultAsync();
        return more.Count == 0 ? [] : [.. ends.Where(end => more.Contains(end.Turn.ConversationId))];
    }

    // What was settled must not be said to have failed: where there is no release, the lease runs out.
    private async Task<Dictionary<long, long>> TryReleaseAsync(List<Settlement> ends)
    {
        for (var again = true; ; again = false)
        {
            try
            {
                return await ReleaseAsync(ends);
            }
            catch (NpgsqlException fault) when (_databases.Road.BeginAnewAfter(fault) && again)
            {
                // The session had lost the statement.
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                return [];
            }
        }
    }

    /// <summary>The next item of each conversation that has one to run now.</summary>
    private async Task<Dictionary<long, long>> ReleaseAsync(List<Settlement> ends)
    {
        await using var command = _databases.Road.CreateCommand(QueueSql.Release);
        command.Parameters.Add(Conversations(ends));
        command.Parameters.Add(Fences(ends));
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = _lease });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = !_slots.AreClosed });
        var next = new Dictionary<long, long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (!reader.IsDBNull(2))
                next[reader.GetInt64(0)] = reader.GetInt64(2);
        }

        await reader.NextResultAsync();
        return next;
    }

    private static void AddPlain(NpgsqlParameterCollection parameters, IReadOnlyList<Settlement> ends)
    {
        parameters.Add(Conversations(ends));
        parameters.Add(Fences(ends));
        parameters.Add(Columns.Of(ends, end => end.Turn.ItemId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(ends, end => end.Turn.InboundId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(ends, end => end.Turn.MessageAt, NpgsqlDbType.TimestampTz));
        AddOutbound(parameters, ends);
        AddEvents(parameters, ends);
    }

    private static void AddItems(NpgsqlParameterCollection parameters, IReadOnlyList<Settlement> ends)
    {
        parameters.Add(Conversations(ends));
        parameters.Add(Fences(ends));
        parameters.Add(Columns.Of(ends, end => end.Turn.ItemId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(ends, end => Word(end.Act), NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.Delay, NpgsqlDbType.Interval));
        parameters.Add(Columns.Of(ends, end => end.HeldBy, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.CountsAsTry ? (short)1 : (short)0, NpgsqlDbType.Smallint));
        parameters.Add(Columns.Of(ends, end => end.CountsAsLook ? (short)1 : (short)0, NpgsqlDbType.Smallint));
        parameters.Add(Columns.Of(ends, end => end.Fault, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.Turn.InboundId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(ends, end => end.Turn.MessageAt, NpgsqlDbType.TimestampTz));
        parameters.Add(Columns.Of(ends, end => end.InboundState, NpgsqlDbType.Text));
    }

    private static void AddMessages(NpgsqlParameterCollection parameters, IReadOnlyList<Settlement> ends)
    {
        AddOutbound(parameters, ends);
        parameters.Add(Columns.Of(ends, end => end.OptsOut, NpgsqlDbType.Boolean));
        AddEvents(parameters, ends);
    }

    private static void AddOutbound(NpgsqlParameterCollection parameters, IReadOnlyList<Settlement> ends)
    {
        parameters.Add(Columns.Of(ends, end => end.Turn.Outbound?.Id, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(ends, end => end.Turn.Outbound?.At, NpgsqlDbType.TimestampTz));
        parameters.Add(Columns.Of(ends, end => end.OutboundState, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => (short)(end.Turn.Outbound?.Attempt ?? 0), NpgsqlDbType.Smallint));
        parameters.Add(Columns.Of(ends, end => end.Rank, NpgsqlDbType.Smallint));
        parameters.Add(Columns.Of(ends, end => end.Sid, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.CarrierStatus, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.ErrorCode, NpgsqlDbType.Integer));
        parameters.Add(Columns.Of(ends, end => end.ErrorText, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.CarrierMicros, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(ends, end => end.Recovered, NpgsqlDbType.Text));
    }

    private static void AddEvents(NpgsqlParameterCollection parameters, IReadOnlyList<Settlement> ends)
    {
        parameters.Add(Columns.Of(ends, end => end.EventType, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.EventData, NpgsqlDbType.Jsonb));
        parameters.Add(Columns.Of(ends, end => end.Turn.InboundId ?? end.Turn.ItemId, NpgsqlDbType.Bigint));
    }

    private static NpgsqlParameter<long[]> Conversations(IReadOnlyList<Settlement> ends) => Columns.Of(ends, end => end.Turn.ConversationId, NpgsqlDbType.Bigint);

    private static NpgsqlParameter<long[]> Fences(IReadOnlyList<Settlement> ends) => Columns.Of(ends, end => end.Turn.Fence, NpgsqlDbType.Bigint);

    private static string Word(QueueAct act) => act switch
    {
        QueueAct.Done => "done",
        QueueAct.Again => "again",
        QueueAct.Hold => "hold",
        _ => "dead",
    };
}
