using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stopping;

/// <summary>What a drill found.</summary>
/// <param name="Took">From the throw of the switch to the gate's answer, by the database's clock.</param>
/// <param name="Fault">Null: the stop held the canary. Else a word of stop_checks.fault.</param>
public sealed record StopDrillResult(TimeSpan Took, string? Fault, int Replicas, int Confirming)
{
    /// <summary>The promise is 250 ms on every replica.</summary>
    public static TimeSpan Promised { get; } = TimeSpan.FromMilliseconds(250);

    public bool IsInTime => Fault is null && Took < Promised && Confirming == Replicas;
}

/// <summary>
/// Proves that the service could be stopped, without stopping it: puts canaries before the very statements that let texts leave (one that is
/// stored already, one about to be stored), asks them, throws the switch and asks again, all in one transaction that is taken back. The canaries
/// were never there for anyone else. Everything travels in one batch, so that no replica can freeze with the switch's row in its hands.
/// </summary>
public sealed class StopDrill(Databases databases, Replica replica, IEnumerable<ISendGate> gates, TimeProvider time)
{
    // Below zero no id is ever given out.
    private const string Person = "insert into users (id, phone_hash, alias) values ($1, sha256(convert_to('canary ' || $1::text, 'UTF8')), 'canary' || $1::text)";

    private const string Conversation = """
        insert into conversations (id, user_id, our_number, fence, lease_until) values ($1, $1, '', 1, clock_timestamp() + interval '1 minute')
        """;

    private const string Message = """
        insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, position) values ($1, $2, $1, $1, 'out', 'canary', 'pending', 1)
        """;

    private const string None = "{null}";
    private const string NoData = "{\"{}\"}";

    private const string Throw = "update controls set stopped = true, by_name = $1, at = clock_timestamp() where name = 'kill'";

    private readonly ISendGate[] _gates = [.. gates];
    private readonly string _storeSql = GateSql.Store(gates);
    private readonly string _gateSql = GateSql.Gate(gates);
    private readonly string _diagnoseSql = GateSql.Diagnose([.. gates]);

    public async Task<StopDrillResult> RunAsync(CancellationToken cancel)
    {
        var id = -(long)await replica.IdAsync(cancel);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        var (before, after, took) = await AskAsync(connection, id, cancel);
        await using var replicas = new NpgsqlCommand(StoppingSql.Replicas, connection);
        replicas.Parameters.Add(new NpgsqlParameter { Value = await NewestAsync(connection, cancel), NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var reader = await replicas.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new StopDrillResult(took, FaultOf(before, after), (int)reader.GetInt64(0), (int)reader.GetInt64(1));
    }

    /// <summary>A stop that holds everything proves nothing if the gate would have held the canary anyway.</summary>
    private static string? FaultOf(Answer before, Answer after)
    {
        if (after.StoredHasLeft || after.NewHasLeft || after.StopIsOpen)
            return "leaked";
        return before.StoredHasLeft == before.AllOpen && before.NewHasLeft == before.AllOpen ? null : "blind";
    }

    private async Task<(Answer Before, Answer After, TimeSpan Took)> AskAsync(NpgsqlConnection connection, long id, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var at = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
        await using var batch = new NpgsqlBatch(connection) { Timeout = 5 };
        void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters)
                command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }

        void Ask()
        {
            Add(_diagnoseSql, Of(id), Of(at), Of(1L));
            Add("savepoint asked");
            Add(
                _storeSql, Of([id]), Of([1L]), Of([id - 1]), Of(["canary"]), Text(None), Text(None), Text(None), Text(None), Text(None), Of([(short)1]), Text(None),
                Of([0]), Of([0]), Of([0]), Text(None), Of([0L]), Text(NoData), Of([id]), Of([true]));
            Add("rollback to savepoint asked");
            Add(_gateSql, Of([id]), Of([1L]), Of([id]), Of([at]), Of([(short)0]), Of([false]), Of([false]), Of([id]));
            Add("rollback to savepoint asked");
        }

        Add("begin");
        // A hand at the switch goes first, and nothing of this stays on it.
        Add("set local lock_timeout = '250ms'");
        Add("set local statement_timeout = '2s'");
        Add(Person, Of(id));
        Add(Conversation, Of(id));
        Add(Message, Of(id), Of(at));
        Ask();
        Add("select clock_timestamp()");
        Add(Throw, new NpgsqlParameter<string> { TypedValue = Actor.Service.Name });
        Ask();
        Add("select clock_timestamp()");
        Add("rollback");
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var before = await ReadAsync(reader, cancel);
        var thrown = await MomentAsync(reader, cancel);
        var after = await ReadAsync(reader, cancel);
        return (before, after, await MomentAsync(reader, cancel) - thrown);
    }

    private async Task<Answer> ReadAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        if (!await reader.ReadAsync(cancel))
            throw new InvalidOperationException("The canary isn't there.");
        var open = Enumerable.Range(0, _gates.Length + 1).Select(reader.GetBoolean).ToArray();
        var stop = Array.FindIndex(_gates, gate => gate.Name == Switch.Kill);
        await reader.NextResultAsync(cancel);
        var newHasLeft = await reader.ReadAsync(cancel) && reader.GetBoolean(2);
        await reader.NextResultAsync(cancel);
        var storedHasLeft = await reader.ReadAsync(cancel);
        await reader.NextResultAsync(cancel);
        return new Answer(storedHasLeft, newHasLeft, stop < 0 || open[stop + 1], open.All(gate => gate));
    }

    private static async Task<DateTime> MomentAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        await reader.ReadAsync(cancel);
        var moment = reader.GetDateTime(0);
        await reader.NextResultAsync(cancel);
        return moment;
    }

    private static async Task<long> NewestAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(ver), 0) from controls", connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<T[]> Of<T>(params T[] values) => new() { TypedValue = values };

    /// <summary>A column in PostgreSQL's own words, of whatever type the statement gives it.</summary>
    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Unknown };

    private sealed record Answer(bool StoredHasLeft, bool NewHasLeft, bool StopIsOpen, bool AllOpen);
}
