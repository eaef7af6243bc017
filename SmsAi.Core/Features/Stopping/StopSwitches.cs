using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Stopping;

/// <summary>What a flip did, counted by the database.</summary>
/// <param name="TookMs">From the flip's commit to the last acknowledgement so far; null before the first.</param>
/// <param name="WithCarrier">Texts in flight at this moment, whose outcome is not known yet; they can't be recalled.</param>
public sealed record StopReceipt(
    long Ver, string Name, bool IsStopped, DateTimeOffset At, string Reason, string By, int? TookMs, long ModelCallsCancelled, long Held, long SentSince,
    long ReplicasConfirmed, int ReplicasExpected, long WithCarrier);

/// <summary>
/// The switches: stop all, pause, model off. Each flip is one transaction with its audit line and its step in the ledger, and asks
/// for the right first: whoever may operate stops, whoever may administer resumes.
/// </summary>
public sealed class StopSwitches(Databases databases, LiveFeed live)
{
    public const int LongestReason = 400;

    public async ValueTask<SwitchState> ReadAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(StoppingSql.Read);
        return SwitchState.Of(await ReadRowsAsync(command, cancel));
    }

    /// <summary>Nothing leaves any replica from this commit on. The version of the flip leads to its receipt.</summary>
    public Task<long> StopAllAsync(Actor actor, string reason, CancellationToken cancel) =>
        FlipAsync(new(Switch.Kill, true, null, reason, null, "service.stop_all"), actor, cancel);

    /// <summary>Answers wait until then, or until somebody resumes. The auto-answer goes to each person once.</summary>
    public Task<long> PauseAsync(DateTimeOffset? until, string reason, string? autoAnswer, Actor actor, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(autoAnswer?.Length ?? 0, PausePlan.LongestAnswer, nameof(autoAnswer));
        return FlipAsync(new(Switch.Pause, true, until, reason, autoAnswer, "service.pause"), actor, cancel);
    }

    public Task<long> StopModelAsync(string reason, Actor actor, CancellationToken cancel) =>
        FlipAsync(new(Switch.Ai, true, null, reason, null, "service.model_off"), actor, cancel);

    /// <summary>
    /// Lifts the named switch and no other: the end of a pause never lifts a stop. Throws <see cref="SecondFactorNeededException"/> when
    /// the operator's second factor is older than five minutes.
    /// </summary>
    public Task<long> ResumeAsync(string what, string reason, Actor actor, CancellationToken cancel) =>
        what is Switch.Kill or Switch.Pause or Switch.Ai
            ? FlipAsync(new(what, false, null, reason, null, "service.resume"), actor, cancel)
            : throw new ArgumentException("Resume one of kill, pause, ai.", nameof(what));

    public async Task<StopReceipt?> ReceiptAsync(long ver, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(StoppingSql.Receipt);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ver });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new StopReceipt(
                ver, reader.GetString(0), reader.GetBoolean(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3), reader.GetString(4),
                reader.IsDBNull(8) ? null : reader.GetInt32(8), reader.GetInt64(7), reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(6),
                reader.GetInt32(5), reader.GetInt64(11))
            : null;
    }

    /// <summary>The reason, asked for after the stop.</summary>
    public async Task ExplainAsync(long ver, string reason, Actor actor, CancellationToken cancel)
    {
        Demand(actor, Rights.CanOperate);
        reason = AuditReason.Cut(reason, LongestReason);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var look = new NpgsqlCommand(StoppingSql.Reason, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = ver } } };
        var was = await look.ExecuteScalarAsync(cancel) as string;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in new[] { StoppingSql.SaveReason, StoppingSql.SaveSwitchReason })
        {
            batch.BatchCommands.Add(new(sql)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = ver }, new NpgsqlParameter<string> { TypedValue = reason } },
            });
        }

        batch.BatchCommands.Add(AuditTrail.ToBatchCommand(new AuditAct(actor, "service.explain", "service", Metadata(new
        {
            before = new { reason = was is { Length: > 0 } ? was : "none" },
            after = new { reason },
            ver,
            reason,
        }))));
        await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        live.Publish("controls");
    }

    /// <summary>A pause whose time is over is written as over, once, whichever replica sees it first.</summary>
    internal async Task EndPauseAsync(CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var look = new NpgsqlCommand(
            "select 1 from controls where name = 'pause' and stopped and until <= clock_timestamp() for update skip locked", connection);
        if (await look.ExecuteScalarAsync(cancel) is null)
            return;
        await FlipAsync(connection, new(Switch.Pause, false, null, "Its time was over.", null, "service.resume"), Actor.Service, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish("controls");
    }

    internal static async Task<List<Switch>> ReadRowsAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        var rows = new List<Switch>(3);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(new Switch(
                reader.GetString(0), reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3),
                reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return rows;
    }

    private async Task<long> FlipAsync(SwitchFlip flip, Actor actor, CancellationToken cancel)
    {
        Demand(actor, flip.IsStopped ? Rights.CanOperate : Rights.CanAdminister);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!flip.IsStopped)
            await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        var ver = await FlipAsync(connection, flip, actor, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish("controls");
        return ver;
    }

    /// <summary>In the caller's transaction; its version is the switch's new one.</summary>
    internal static async Task<long> FlipAsync(NpgsqlConnection connection, SwitchFlip flip, Actor actor, CancellationToken cancel)
    {
        // Too long a reason is no reason to refuse a stop.
        var reason = AuditReason.Cut(flip.Reason, LongestReason);
        await using var command = new NpgsqlCommand(StoppingSql.Flip, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = flip.Name });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = flip.IsStopped });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)flip.Until?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reason });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = actor.Name });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)flip.AutoAnswer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        long ver;
        Dictionary<string, object> before;
        int? held;
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            await row.ReadAsync(cancel);
            ver = row.GetInt64(0);
            before = Said(row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2), row.IsDBNull(3) ? null : row.GetString(3));
            held = row.IsDBNull(4) ? null : row.GetInt32(4);
        }

        var metadata = new Dictionary<string, object> { ["before"] = before, ["after"] = Said(flip.IsStopped, flip.Until, flip.AutoAnswer), ["reason"] = reason, ["ver"] = ver };
        if (held is { } waiting)
            metadata["held"] = waiting;
        if (flip.Schedule is { } schedule)
            metadata["schedule"] = schedule;
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, flip.Act, "switch:" + flip.Name, Metadata(metadata)), cancel);
        return ver;
    }

    private static void Demand(Actor actor, string right)
    {
        if (actor != Actor.Service && actor != Actor.CommandLine && !Rights.Roles[right].Contains(actor.Role))
            throw new UnauthorizedAccessException($"The switches need the right {right}.");
    }

    private static Dictionary<string, object> Said(bool stopped, DateTimeOffset? until, string? autoAnswer)
    {
        var said = new Dictionary<string, object> { ["stopped"] = stopped };
        if (until is { } moment) said["until"] = moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        if (autoAnswer is not null) said["people_get"] = autoAnswer;
        return said;
    }

    private static string Metadata(object data) => JsonSerializer.Serialize(data);
}
