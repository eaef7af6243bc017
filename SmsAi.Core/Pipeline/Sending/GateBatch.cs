using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>Group commit for "answer stored, gate passed, about to send": one transaction for all turns that reached it together.</summary>
public sealed class GateBatch : IAsyncDisposable
{
    private readonly Databases _databases;
    private readonly PhoneHasher _hasher;
    // What ends a message for good is named before what only holds it.
    private readonly ISendGate[] _gates;
    private readonly string _storeSql;
    private readonly string _gateSql;
    private readonly string _diagnoseSql;
    private readonly GroupCommit<GateRequest, GateAnswer> _commits;

    public GateBatch(Databases databases, PhoneHasher hasher, IEnumerable<ISendGate> gates, WriterTurn turn)
    {
        (_databases, _hasher, _gates) = (databases, hasher, [.. gates.OrderBy(gate => gate.EndsAs is null)]);
        _storeSql = GateSql.Store(_gates);
        _gateSql = GateSql.Gate(_gates);
        _diagnoseSql = GateSql.Diagnose(_gates);
        _commits = new(databases.Road, writers: 1, largestBatch: 96, capacity: 8192, CommitAsync, turn);
    }

    // What can be made ready is, by each for itself: the batch makes all wait.
    internal Task<GateAnswer> AddAsync(GateRequest request) => _commits.AddAsync(
        request.Draft is { } draft ? request with { Row = Row(request, draft) } : request, CancellationToken.None);

    /// <summary>The gate that is closed for this message; null when it lost its lease or all gates have opened meanwhile.</summary>
    internal async Task<(bool HoldsLease, ISendGate? Closed)> DiagnoseAsync(Turn turn, CancellationToken cancel)
    {
        await using var command = _databases.Road.CreateCommand(_diagnoseSql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = turn.Outbound!.Id });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = turn.Outbound.At });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = turn.Fence });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            return (false, null);
        for (var index = 0; index < _gates.Length; index++)
        {
            if (!reader.GetBoolean(index + 1))
                return (reader.GetBoolean(0), _gates[index]);
        }

        return (reader.GetBoolean(0), null);
    }

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<GateAnswer[]> CommitAsync(IReadOnlyList<GateRequest> requests)
    {
        await using var connection = await _databases.Road.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(QueueSql.Lock) { Parameters = { Conversations(requests), Fences(requests) } });
        batch.BatchCommands.Add(Store(requests));
        GateRequest[] storedBefore = [.. requests.Where(request => request.WantsGate && request.NewId is null)];
        if (storedBefore.Length > 0)
            batch.BatchCommands.Add(Gate(storedBefore));

        // By lease: a turn that lost its own may stand in one batch with the one that has it now.
        var leases = new Dictionary<(long Conversation, long Fence), (DateTimeOffset At, bool Goes)>(requests.Count);
        var attempts = new Dictionary<long, int>(storedBefore.Length);
        var asked = Stopwatch.GetTimestamp();
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
                leases[(reader.GetInt64(0), reader.GetInt64(3))] = (reader.GetFieldValue<DateTimeOffset>(1), reader.GetBoolean(2));
            if (await reader.NextResultAsync())
            {
                while (await reader.ReadAsync())
                    attempts[reader.GetInt64(0)] = reader.GetInt16(2);
            }
        }

        // Checkpoint 2: the answer is stored, and what is open is "sending" before any byte goes to the carrier.
        var at = Stopwatch.GetTimestamp();
        return [.. requests.Select(request => Answer(request, leases, attempts, asked, at))];
    }

    private static GateAnswer Answer(
        GateRequest request, Dictionary<(long Conversation, long Fence), (DateTimeOffset At, bool Goes)> leases, Dictionary<long, int> attempts, long asked,
        long at)
    {
        if (!leases.TryGetValue((request.Turn.ConversationId, request.Turn.Fence), out var lease))
            return new GateAnswer(null, false, asked, at);
        if (request.Draft is { } draft)
        {
            var (state, attempt) = lease.Goes ? ("sending", 1) : ("pending", 0);
            var stored = new Outbound(request.OutboundId, lease.At, draft.Kind, state, attempt, null, draft.Text, draft.Segments);
            return new GateAnswer(stored, lease.Goes, asked, at);
        }

        var before = request.Turn.Outbound!;
        return attempts.TryGetValue(request.OutboundId, out var tried)
            ? new GateAnswer(before with { State = "sending", Attempt = tried }, true, asked, at)
            : new GateAnswer(before, false, asked, at);
    }

    private NpgsqlBatchCommand Store(IReadOnlyList<GateRequest> requests) => new(_storeSql)
    {
        Parameters =
        {
            Conversations(requests),
            Fences(requests),
            Columns.Of(requests, request => request.NewId, NpgsqlDbType.Bigint),
            Columns.Of(requests, request => request.Draft?.Kind, NpgsqlDbType.Text),
            Columns.Of(requests, request => request.Draft is null ? (Guid?)null : request.Turn.Key.Id, NpgsqlDbType.Uuid),
            Columns.Of(requests, request => request.Row?.Body, NpgsqlDbType.Bytea),
            Columns.Of(requests, request => request.Row?.ContentHash, NpgsqlDbType.Bytea),
            Columns.Of(requests, request => request.Turn.InboundId, NpgsqlDbType.Bigint),
            Columns.Of(requests, request => request.Turn.ItemId, NpgsqlDbType.Bigint),
            Columns.Of(requests, request => (short)(request.Draft?.Segments ?? 0), NpgsqlDbType.Smallint),
            Columns.Of(requests, request => request.Draft?.Model, NpgsqlDbType.Text),
            Columns.Of(requests, request => request.Draft?.TokensIn ?? 0, NpgsqlDbType.Integer),
            Columns.Of(requests, request => request.Draft?.TokensCached ?? 0, NpgsqlDbType.Integer),
            Columns.Of(requests, request => request.Draft?.TokensOut ?? 0, NpgsqlDbType.Integer),
            Columns.Of(requests, request => request.Draft?.ModelMs, NpgsqlDbType.Integer),
            Columns.Of(requests, request => request.Draft?.ModelMicros ?? 0, NpgsqlDbType.Bigint),
            Columns.Of(requests, request => request.Row?.EventData, NpgsqlDbType.Jsonb),
            Columns.Of(requests, Correlation, NpgsqlDbType.Bigint),
            Columns.Of(requests, request => request.WantsGate, NpgsqlDbType.Boolean),
        },
    };

    private NpgsqlBatchCommand Gate(IReadOnlyList<GateRequest> wanted) => new(_gateSql)
    {
        Parameters =
        {
            Conversations(wanted),
            Fences(wanted),
            Columns.Of(wanted, request => request.OutboundId, NpgsqlDbType.Bigint),
            Columns.Of(wanted, request => request.Turn.Outbound!.At, NpgsqlDbType.TimestampTz),
            Columns.Of(wanted, request => (short)request.Turn.Outbound!.Attempt, NpgsqlDbType.Smallint),
            Columns.Of(wanted, request => request.Again, NpgsqlDbType.Boolean),
            Columns.Of(wanted, request => request.Absent, NpgsqlDbType.Boolean),
            Columns.Of(wanted, Correlation, NpgsqlDbType.Bigint),
        },
    };

    private static NpgsqlParameter<long[]> Conversations(IReadOnlyList<GateRequest> requests) =>
        Columns.Of(requests, request => request.Turn.ConversationId, NpgsqlDbType.Bigint);

    private static NpgsqlParameter<long[]> Fences(IReadOnlyList<GateRequest> requests) =>
        Columns.Of(requests, request => request.Turn.Fence, NpgsqlDbType.Bigint);

    private static long Correlation(GateRequest request) => request.Turn.InboundId ?? request.Turn.ItemId;

    private DraftRow Row(GateRequest request, Draft draft) => new(
        request.Turn.Key.Encrypt(draft.Text, "messages.body", request.OutboundId),
        _hasher.HashContent(draft.Text),
        draft.EventData(request.OutboundId, request.Turn.InboundId));
}
