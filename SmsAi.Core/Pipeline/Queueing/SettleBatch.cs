using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>What a settled turn leaves its worker with.</summary>
/// <param name="Kept">False when the lease had been lost: nothing was written.</param>
/// <param name="NextItem">The conversation's next item, already running under the same lease.</param>
public readonly record struct Settled(bool Kept, long? NextItem);

/// <summary>Group commit for the ends of turns: effects, ledger and release of the lease in one transaction.</summary>
public sealed class SettleBatch : IAsyncDisposable
{
    private readonly Databases _databases;
    private readonly TurnSlots _slots;
    private readonly TimeSpan _lease;
    private readonly GroupCommit<Settlement, Settled> _commits;

    public SettleBatch(Databases databases, TurnSlots slots, IOptions<QueueOptions> options)
    {
        (_databases, _slots, _lease) = (databases, slots, options.Value.Lease);
        _commits = new(databases.Road, writers: 1, largestBatch: 96, capacity: 8192, CommitAsync);
    }

    public Task<Settled> AddAsync(Settlement settlement) => _commits.AddAsync(settlement, CancellationToken.None);

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<Settled[]> CommitAsync(IReadOnlyList<Settlement> ends)
    {
        var released = new Dictionary<long, (long Fence, long? Next)>(ends.Count);
        if (!ends.All(end => end.IsPlain))
        {
            await SettleAsync(ends, released);
        }
        else if (await SettlePlainAsync(ends, released) is { Count: > 0 } more)
        {
            await using var release = _databases.Road.CreateCommand(QueueSql.Release);
            AddRelease(release.Parameters, more, isSettled: true);
            await using var reader = await release.ExecuteReaderAsync();
            await ReadAsync(reader, released);
        }

        return [.. ends.Select(end => released.TryGetValue(end.Turn.ConversationId, out var release) && release.Fence == end.Turn.Fence ? new Settled(true, release.Next) : default)];
    }

    private async Task SettleAsync(IReadOnlyList<Settlement> ends, Dictionary<long, (long Fence, long? Next)> released)
    {
        await using var connection = await _databases.Road.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        var (settle, release) = (new NpgsqlBatchCommand(QueueSql.Settle), new NpgsqlBatchCommand(QueueSql.Release));
        AddItems(settle.Parameters, ends);
        AddMessages(settle.Parameters, ends);
        AddRelease(release.Parameters, ends, isSettled: false);
        batch.BatchCommands.Add(new(QueueSql.Lock) { Parameters = { Conversations(ends), Fences(ends) } });
        batch.BatchCommands.Add(settle);
        batch.BatchCommands.Add(release);
        await using var reader = await batch.ExecuteReaderAsync();
        // The settling returns no rows, and is no result.
        await reader.NextResultAsync();
        await ReadAsync(reader, released);
    }

    /// <summary>Those in whose conversations more is pending.</summary>
    private async Task<List<Settlement>> SettlePlainAsync(IReadOnlyList<Settlement> ends, Dictionary<long, (long Fence, long? Next)> released)
    {
        await using var command = _databases.Road.CreateCommand(QueueSql.SettlePlain);
        AddPlain(command.Parameters, ends);
        var more = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            released[reader.GetInt64(0)] = (reader.GetInt64(1), null);
            if (reader.GetBoolean(2))
                more.Add(reader.GetInt64(0));
        }

        return more.Count == 0 ? [] : [.. ends.Where(end => more.Contains(end.Turn.ConversationId))];
    }

    private static async Task ReadAsync(NpgsqlDataReader reader, Dictionary<long, (long Fence, long? Next)> released)
    {
        while (await reader.ReadAsync())
            released[reader.GetInt64(0)] = (reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2));
    }

    private void AddRelease(NpgsqlParameterCollection parameters, IReadOnlyList<Settlement> ends, bool isSettled)
    {
        parameters.Add(Conversations(ends));
        parameters.Add(Fences(ends));
        parameters.Add(Columns.Of(ends, end => isSettled || end.EventType is null ? 0 : 1, NpgsqlDbType.Integer));
        parameters.Add(Columns.Of(ends, end => !isSettled && end.Act is QueueAct.Done or QueueAct.Dead ? 1 : 0, NpgsqlDbType.Integer));
        parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = _lease });
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = !_slots.AreClosed });
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
