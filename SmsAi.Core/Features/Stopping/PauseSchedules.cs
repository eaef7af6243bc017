using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Reads, adds, changes, switches and removes scheduled pauses; each act in one transaction with its line of the audit trail.</summary>
public sealed class PauseSchedules(Databases databases, LiveFeed live)
{
    public async Task<IReadOnlyList<PauseSchedule>> ReadAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(PauseSql.All);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var schedules = new List<PauseSchedule>();
        while (await rows.ReadAsync(cancel))
            schedules.Add(Of(rows));
        return schedules;
    }

    public async Task<long> AddAsync(PausePlan plan, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        plan = Checked(plan);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var add = new NpgsqlCommand(PauseSql.Add, connection);
        add.Parameters.AddRange(Parameters(plan, plan.Window.Next(await NowAsync(connection, cancel)), actor));
        var id = (long)(await add.ExecuteScalarAsync(cancel))!;
        await AuditTrail.AppendAsync(connection, Entry(actor, "schedule.add", id, new { after = Said(plan, true), reason = plan.Reason }), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        return id;
    }

    /// <summary>A pause that is running goes on to the end it was given; a later end of the same window prolongs it.</summary>
    public Task<ScheduleOutcome> ChangeAsync(PauseSchedule seen, PausePlan plan, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        return WriteAsync(seen, Checked(plan), seen.IsEnabled, actor, "schedule.change", cancel);
    }

    /// <summary>Switched on within its window it pauses at once; switched off it lets a running pause go on.</summary>
    public Task<ScheduleOutcome> SwitchAsync(PauseSchedule seen, bool on, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        return WriteAsync(seen, seen.Plan, on, actor, on ? "schedule.on" : "schedule.off", cancel);
    }

    public async Task<ScheduleOutcome> RemoveAsync(PauseSchedule seen, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var remove = new NpgsqlCommand(PauseSql.Remove, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = seen.Id }, new NpgsqlParameter<int> { TypedValue = seen.Version } },
        };
        if (await remove.ExecuteNonQueryAsync(cancel) == 0)
            return ScheduleOutcome.Conflict;
        await AuditTrail.AppendAsync(connection, Entry(actor, "schedule.remove", seen.Id, new { before = Said(seen.Plan, seen.IsEnabled) }), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        return ScheduleOutcome.Done;
    }

    internal static PauseSchedule Of(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt32(1),
        new PausePlan(
            new PauseWindow(
                row.GetString(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateOnly>(3), (PauseDays)row.GetInt16(4), row.GetFieldValue<TimeOnly>(5),
                row.GetFieldValue<TimeOnly>(6)),
            row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8)),
        row.GetBoolean(9), row.GetString(10), Moment(row, 11), Moment(row, 12), row.IsDBNull(13) ? null : row.GetString(13), Moment(row, 14));

    /// <summary>The database's clock: all replicas share it.</summary>
    internal static async Task<DateTimeOffset> NowAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancel))!);
    }

    /// <summary>A schedule as the trail names it.</summary>
    public static string Resource(long id) => string.Create(CultureInfo.InvariantCulture, $"schedule:{id}");

    private async Task<ScheduleOutcome> WriteAsync(PauseSchedule seen, PausePlan plan, bool isEnabled, Actor actor, string act, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var change = new NpgsqlCommand(PauseSql.Change, connection);
        change.Parameters.AddRange(Parameters(plan, isEnabled ? plan.Window.Next(await NowAsync(connection, cancel)) : null, actor));
        change.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = isEnabled });
        change.Parameters.Add(new NpgsqlParameter<long> { TypedValue = seen.Id });
        change.Parameters.Add(new NpgsqlParameter<int> { TypedValue = seen.Version });
        if (await change.ExecuteNonQueryAsync(cancel) == 0)
            return ScheduleOutcome.Conflict;
        var entry = Entry(actor, act, seen.Id, new { before = Said(seen.Plan, seen.IsEnabled), after = Said(plan, isEnabled), reason = plan.Reason });
        await AuditTrail.AppendAsync(connection, entry, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        return ScheduleOutcome.Done;
    }

    private static void Demand(Actor actor)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Scheduling a pause needs the right to operate.");
    }

    private static PausePlan Checked(PausePlan plan)
    {
        plan = plan with { Reason = plan.Reason.Trim(), AutoAnswer = string.IsNullOrWhiteSpace(plan.AutoAnswer) ? null : plan.AutoAnswer.Trim() };
        return plan.Fault is { } fault ? throw new ArgumentException(fault, nameof(plan)) : plan;
    }

    private static object Said(PausePlan plan, bool isEnabled) => new { when = plan.Window.Words, reason = plan.Reason, people_get = plan.AutoAnswer, on = isEnabled };

    private static AuditAct Entry(Actor actor, string act, long id, object metadata) => new(actor, act, Resource(id), JsonSerializer.Serialize(metadata));

    private static NpgsqlParameter[] Parameters(PausePlan plan, (DateTimeOffset Start, DateTimeOffset End)? next, Actor actor) =>
    [
        new NpgsqlParameter<string> { TypedValue = plan.Window.Zone },
        new() { Value = (object?)plan.Window.OnDay ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Date },
        new NpgsqlParameter<short> { TypedValue = (short)(plan.Window.OnDay is null ? plan.Window.Days : PauseDays.None) },
        new NpgsqlParameter<TimeOnly> { TypedValue = plan.Window.From },
        new NpgsqlParameter<TimeOnly> { TypedValue = plan.Window.To },
        new NpgsqlParameter<string> { TypedValue = plan.Reason },
        new() { Value = (object?)plan.AutoAnswer ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        new() { Value = (object?)next?.Start.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        new() { Value = (object?)next?.End.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        new NpgsqlParameter<string> { TypedValue = actor.Name },
    ];

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
