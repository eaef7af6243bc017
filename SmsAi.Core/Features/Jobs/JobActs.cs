using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Quartz;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Features.Jobs;

/// <summary>What came of an act on a job.</summary>
public enum JobOutcome
{
    Done,

    /// <summary>It runs already, or is switched that way already.</summary>
    AlreadySo,

    /// <summary>The scheduler didn't take it.</summary>
    NotTaken,
}

/// <summary>Runs a job now, switches it off and on again: each act in one transaction with its line of the audit trail.</summary>
public sealed class JobActs(Databases databases, ISchedulerFactory schedulers, IEnumerable<ScheduledJob> jobs)
{
    public const int LongestReason = 200;

    /// <summary>Asks for a run, whichever replica then does it; also of a job that is switched off.</summary>
    public async Task<JobOutcome> RunAsync(string job, string reason, Actor actor, CancellationToken cancel)
    {
        Demand(job, reason, actor);
        if (await RequestAsync(job, reason, actor, cancel) is not { } run)
            return JobOutcome.AlreadySo;
        try
        {
            var scheduler = await schedulers.GetScheduler(cancel);
            var data = new JobDataMap { [JobRecorder.RunKey] = run.ToString(CultureInfo.InvariantCulture) };
            await scheduler.TriggerJob(new JobKey(job), data, CancellationToken.None);
            return JobOutcome.Done;
        }
        catch (SchedulerException fault)
        {
            await using var command = databases.Pages.CreateCommand(JobSql.End);
            command.Parameters.Add(new() { Value = run });
            command.Parameters.Add(new() { Value = false });
            command.Parameters.Add(new() { Value = JobRecorder.FaultOf(fault)!, NpgsqlDbType = NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            return JobOutcome.NotTaken;
        }
    }

    /// <summary>From now on no replica runs it by its schedule; a run under way is finished.</summary>
    public Task<JobOutcome> DisableAsync(string job, string reason, Actor actor, CancellationToken cancel) => SwitchAsync(job, isOff: true, reason, actor, cancel);

    public Task<JobOutcome> EnableAsync(string job, string reason, Actor actor, CancellationToken cancel) => SwitchAsync(job, isOff: false, reason, actor, cancel);

    private async Task<long?> RequestAsync(string job, string reason, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var one = new NpgsqlCommand(JobSql.Lock, connection) { Parameters = { new() { Value = job } } })
            await one.ExecuteNonQueryAsync(cancel);
        await using var command = new NpgsqlCommand(JobSql.Request, connection) { Parameters = { new() { Value = job }, new() { Value = actor.Name }, new() { Value = reason } } };
        if (await command.ExecuteScalarAsync(cancel) is not long run)
            return null;
        await AuditTrail.AppendAsync(connection, Entry(actor, "job.run", job, new { run, reason }), cancel);
        await transaction.CommitAsync(cancel);
        return run;
    }

    private async Task<JobOutcome> SwitchAsync(string job, bool isOff, string reason, Actor actor, CancellationToken cancel)
    {
        Demand(job, reason, actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand(JobSql.Switch, connection)
        {
            Parameters = { new() { Value = job }, new() { Value = isOff }, new() { Value = actor.Name }, new() { Value = reason } },
        };
        if (await command.ExecuteScalarAsync(cancel) is null)
            return JobOutcome.AlreadySo;
        await AuditTrail.AppendAsync(
            connection, Entry(actor, isOff ? "job.disable" : "job.enable", job, new { before = new { enabled = isOff }, after = new { enabled = !isOff }, reason }), cancel);
        await transaction.CommitAsync(cancel);
        return JobOutcome.Done;
    }

    private void Demand(string job, string reason, Actor actor)
    {
        if (!Rights.Roles[Rights.CanAdminister].Contains(actor.Role))
            throw new UnauthorizedAccessException("Acts on jobs need the right to administer.");
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, LongestReason);
        if (jobs.All(known => known.Name != job))
            throw new ArgumentException("There is no such job.", nameof(job));
    }

    private static AuditAct Entry(Actor actor, string act, string job, object metadata) => new(actor, act, "job:" + job, JsonSerializer.Serialize(metadata));
}
