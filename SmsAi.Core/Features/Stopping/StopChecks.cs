using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stopping;

/// <summary>A minute's checks of all replicas that the service can be stopped.</summary>
/// <param name="Held">How many canaries the stop held.</param>
public sealed record StopMinute(DateTimeOffset At, int Checks, int Held, bool IsInTime, TimeSpan Slowest);

/// <summary>What the last hour's checks prove: a replica that can't be stopped counts, however many can.</summary>
/// <param name="VerifiedAt">Since then every living replica has proved it; null before the first proof.</param>
/// <param name="Fault">What the newest check of a living replica found, in words; null when all is well.</param>
/// <param name="Minutes">Oldest first; a minute in which nobody checked has none.</param>
public sealed record StopEvidence(DateTimeOffset? VerifiedAt, string? Fault, IReadOnlyList<StopMinute> Minutes)
{
    public static StopEvidence None { get; } = new(null, null, []);
}

/// <summary>Keeps and reads the replicas' proofs that the service can be stopped.</summary>
public sealed class StopChecks(Databases databases, TimeProvider time)
{
    private static readonly TimeSpan Shown = TimeSpan.FromHours(1);

    /// <summary>$1 replica $2 took $3 replicas $4 confirming $5 fault. What is older than 90 days leaves with it.</summary>
    private const string Keep = """
        with old as (delete from stop_checks where at < now() - interval '90 days')
        insert into stop_checks (replica_id, took_ms, replicas, confirming, fault) values ($1, $2, $3, $4, $5)
        """;

    private const string Living = "r.stopped_at is null and r.seen_at > clock_timestamp() - interval '1 minute'";

    /// <summary>A replica that has only just begun is not waited for.</summary>
    private const string State = $"""
        select r.name, v.at, n.fault, r.started_at from replicas r
        left join lateral (select c.at from stop_checks c where c.replica_id = r.id and c.fault is null order by c.at desc limit 1) v on true
        left join lateral (select c.fault from stop_checks c where c.replica_id = r.id and c.at > now() - interval '1 hour' order by c.at desc limit 1) n on true
        where {Living} and (v.at is not null or n.fault is not null or r.started_at < clock_timestamp() - interval '2 minutes')
        """;

    /// <summary>$1 since</summary>
    private const string Hour = "select at, took_ms, fault is null, confirming >= replicas from stop_checks where at >= $1 order by at";

    public async Task KeepAsync(int replica, StopDrillResult result, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Keep);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = replica });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)result.Took.TotalMilliseconds });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = result.Replicas });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = result.Confirming });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)result.Fault ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<StopEvidence> ReadAsync(CancellationToken cancel)
    {
        var since = Minute(time.GetUtcNow()) - Shown + TimeSpan.FromMinutes(1);
        await using var batch = databases.Pages.CreateBatch();
        batch.BatchCommands.Add(new(State));
        batch.BatchCommands.Add(new(Hour) { Parameters = { new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime } } });
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        var (verified, fault) = await StateAsync(rows, cancel);
        await rows.NextResultAsync(cancel);
        List<Check> checks = [];
        while (await rows.ReadAsync(cancel))
            checks.Add(new(rows.GetFieldValue<DateTimeOffset>(0), rows.GetInt32(1), rows.GetBoolean(2), rows.GetBoolean(3)));
        return new(verified, fault, [.. checks.GroupBy(check => Minute(check.At)).Select(Sum)]);
    }

    private static async Task<(DateTimeOffset? Verified, string? Fault)> StateAsync(NpgsqlDataReader rows, CancellationToken cancel)
    {
        DateTimeOffset? verified = null;
        string? fault = null;
        var never = false;
        while (await rows.ReadAsync(cancel))
        {
            if (rows.IsDBNull(1))
                never = true;
            else if (rows.GetFieldValue<DateTimeOffset>(1) is var at && (verified is null || at < verified))
                verified = at;
            fault = rows.IsDBNull(2) ? fault : $"{rows.GetString(0)} {Words(rows.GetString(2))}";
            if (rows.IsDBNull(1)) fault ??= $"{rows.GetString(0)} never proved it";
        }

        return (never ? null : verified, fault);
    }

    private static string Words(string fault) => fault switch
    {
        "leaked" => "let a canary through",
        "unread" => "doesn't read the switches",
        "blind" => "can't tell: its gate held the canary anyway",
        _ => "could not check",
    };

    private static StopMinute Sum(IGrouping<DateTimeOffset, Check> minute) => new(
        minute.Key, minute.Count(), minute.Count(check => check.Held),
        minute.All(check => check is { Held: true, Confirmed: true } && check.Milliseconds < StopDrillResult.Promised.TotalMilliseconds),
        TimeSpan.FromMilliseconds(minute.Max(check => check.Milliseconds)));

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.Ticks - at.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    private sealed record Check(DateTimeOffset At, int Milliseconds, bool Held, bool Confirmed);
}
