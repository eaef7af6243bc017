using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Stopping;

/// <summary>
/// Begins scheduled pauses when their time has come: every replica looks, the one that locks the schedule's row does it, once. A pause made
/// by hand is never shortened, a stop never touched; a window that passed while nothing ran is noted as missed. Its end is the pause's own.
/// </summary>
public sealed partial class PauseClock(Databases databases, LiveFeed live, TimeProvider time, ILogger<PauseClock> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);
    private static readonly Actor Schedule = new("schedule");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        var isTold = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken))
                {
                    // Another may be due.
                }

                isTold = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or TimeZoneNotFoundException)
            {
                if (!isTold) LogNotLooked(fault);
                isTold = true;
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes one due window in hand; false when there was none.</summary>
    internal async Task<bool> RunOnceAsync(CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await DueAsync(connection, cancel) is not { NextStart: { } start, NextEnd: { } end } schedule)
            return false;
        var now = await PauseSchedules.NowAsync(connection, cancel);
        if (!await HasRunAsync(connection, schedule.Id, start, end, cancel))
        {
            var (outcome, ver) = end <= now ? ("missed", null) : await PauseAsync(connection, schedule, start, end, now, cancel);
            await ExecuteAsync(connection, PauseSql.Ran, cancel, Of(schedule.Id), At(start), At(end), Of(outcome),
                new() { Value = (object?)ver ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
            if (ver is null)
                await NoteAsync(connection, schedule, outcome, start, end, cancel);
        }

        var next = schedule.Plan.Window.Next(end > now ? end : now);
        await ExecuteAsync(connection, PauseSql.GoOn, cancel, Of(schedule.Id), At(next?.Start), At(next?.End));
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        return true;
    }

    private static async Task<PauseSchedule?> DueAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PauseSql.Due, connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? PauseSchedules.Of(row) : null;
    }

    private static async Task<bool> HasRunAsync(NpgsqlConnection connection, long schedule, DateTimeOffset start, DateTimeOffset end, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PauseSql.HasRun, connection) { Parameters = { Of(schedule), At(start), At(end) } };
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <summary>A pause that already lasts that long stays as it is; a shorter one is prolonged, under this schedule's reason.</summary>
    private static async Task<(string Outcome, long? Ver)> PauseAsync(
        NpgsqlConnection connection, PauseSchedule schedule, DateTimeOffset start, DateTimeOffset end, DateTimeOffset now, CancellationToken cancel)
    {
        string? answer;
        await using (var command = new NpgsqlCommand(PauseSql.Pause, connection))
        {
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (!await row.ReadAsync(cancel))
                throw new InvalidOperationException("The switch has no row.");
            var isPaused = row.GetBoolean(0);
            if (isPaused && (row.IsDBNull(1) || row.GetFieldValue<DateTimeOffset>(1) >= end))
                return ("covered", null);
            answer = schedule.Plan.AutoAnswer ?? (isPaused && !row.IsDBNull(2) ? row.GetString(2) : null);
        }

        var flip = new SwitchFlip(Switch.Pause, true, end, schedule.Plan.Reason, answer, "service.pause") { Schedule = schedule.Id };
        var ver = await StopSwitches.FlipAsync(connection, flip, Schedule, cancel);
        return (now - start > OnTime ? "late" : "paused", ver);
    }

    private static Task NoteAsync(
        NpgsqlConnection connection, PauseSchedule schedule, string outcome, DateTimeOffset start, DateTimeOffset end, CancellationToken cancel) =>
        AuditTrail.AppendAsync(
            connection, new AuditAct(Schedule, "schedule." + outcome, PauseSchedules.Resource(schedule.Id), JsonSerializer.Serialize(new { start, end })), cancel);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter At(DateTimeOffset? moment) => new() { Value = (object?)moment?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    [LoggerMessage(2030, LogLevel.Error, "Whether a scheduled pause is due could not be looked up; it is tried every second")]
    private partial void LogNotLooked(Exception fault);
}
