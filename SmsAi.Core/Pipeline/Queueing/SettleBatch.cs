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
        await using var connection = await _databases.Road.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        var conversations = Columns.Of(ends, end => end.Turn.ConversationId, NpgsqlDbType.Bigint);
        var fences = Columns.Of(ends, end => end.Turn.Fence, NpgsqlDbType.Bigint);
        batch.BatchCommands.Add(new(QueueSql.Lock) { Parameters = { conversations, fences } });
        var settle = new NpgsqlBatchCommand(ends.All(end => end.IsPlain) ? QueueSql.SettlePlain : QueueSql.Settle);
        AddItems(settle.Parameters, ends);
        AddMessages(settle.Parameters, ends);
        batch.BatchCommands.Add(settle);
        batch.BatchCommands.Add(new(QueueSql.Release)
        {
            Parameters =
            {
                Columns.Of(ends, end => end.Turn.ConversationId, NpgsqlDbType.Bigint),
                Columns.Of(ends, end => end.Turn.Fence, NpgsqlDbType.Bigint),
                Columns.Of(ends, end => end.EventType is null ? 0 : 1, NpgsqlDbType.Integer),
                Columns.Of(ends, end => end.Act is QueueAct.Done or QueueAct.Dead ? 1 : 0, NpgsqlDbType.Integer),
                new NpgsqlParameter<TimeSpan> { TypedValue = _lease },
                new NpgsqlParameter<bool> { TypedValue = !_slots.AreClosed },
            },
        });
        return await ReadAsync(batch, ends);
    }

    private static async Task<Settled[]> ReadAsync(NpgsqlBatch batch, IReadOnlyList<Settlement> ends)
    {
        var released = new Dictionary<long, (long Fence, long? Next)>(ends.Count);
        await using var reader = await batch.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                if (reader.FieldCount == 3)
                    released[reader.GetInt64(0)] = (reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetInt64(2));
            }
        }
        while (await reader.NextResultAsync());

        var settled = new Settled[ends.Count];
        for (var index = 0; index < settled.Length; index++)
        {
            var turn = ends[index].Turn;
            if (released.TryGetValue(turn.ConversationId, out var release) && release.Fence == turn.Fence)
                settled[index] = new Settled(true, release.Next);
        }

        return settled;
    }

    private static void AddItems(NpgsqlParameterCollection parameters, IReadOnlyList<Settlement> ends)
    {
        parameters.Add(Columns.Of(ends, end => end.Turn.ConversationId, NpgsqlDbType.Bigint));
        parameters.Add(Columns.Of(ends, end => end.Turn.Fence, NpgsqlDbType.Bigint));
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
        parameters.Add(Columns.Of(ends, end => end.OptsOut, NpgsqlDbType.Boolean));
        parameters.Add(Columns.Of(ends, end => end.EventType, NpgsqlDbType.Text));
        parameters.Add(Columns.Of(ends, end => end.EventData, NpgsqlDbType.Jsonb));
        parameters.Add(Columns.Of(ends, end => end.Turn.InboundId ?? end.Turn.ItemId, NpgsqlDbType.Bigint));
    }

    private static string Word(QueueAct act) => act switch
    {
        QueueAct.Done => "done",
        QueueAct.Again => "again",
        QueueAct.Hold => "hold",
        _ => "dead",
    };
}
