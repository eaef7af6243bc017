using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Quartz;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Jobs;

/// <summary>Stands beside the scheduler of each replica: lets no job run that is switched off, and writes down each run's beginning and end.</summary>
public sealed partial class JobRecorder(Databases databases, Replica replica, ILogger<JobRecorder> logger) : ITriggerListener, IJobListener
{
    /// <summary>The name in a firing's data of the run somebody asked for; such a run is never refused.</summary>
    internal const string RunKey = "run";

    private readonly ConcurrentDictionary<string, long> _runs = [];

    public string Name => "job-recorder";

    public async ValueTask<bool> VetoJobExecution(ITrigger trigger, IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (RequestedRun(context) is not null)
            return false;
        try
        {
            await using var command = databases.Pages.CreateCommand(JobSql.IsDisabled);
            command.Parameters.Add(new() { Value = context.JobDetail.Key.Name });
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            // Nobody knows whether it may run; it comes round again.
            LogNotRecorded(context.JobDetail.Key.Name, fault.GetType().Name);
            return true;
        }
    }

    public ValueTask JobToBeExecuted(IJobExecutionContext context, CancellationToken cancellationToken = default) => TryAsync(context, async job =>
    {
        await using var command = databases.Pages.CreateCommand(RequestedRun(context) is null ? JobSql.Begin : JobSql.BeginRequested);
        command.Parameters.Add(RequestedRun(context) is { } run ? new() { Value = run } : new() { Value = job });
        command.Parameters.Add(new() { Value = replica.Name });
        if (await command.ExecuteScalarAsync(cancellationToken) is long id)
            _runs[context.FireInstanceId] = id;
    });

    public ValueTask JobWasExecuted(IJobExecutionContext context, JobExecutionException? jobException, CancellationToken cancellationToken = default) => TryAsync(context, async _ =>
    {
        if (!_runs.TryRemove(context.FireInstanceId, out var id))
            return;
        await using var command = databases.Pages.CreateCommand(JobSql.End);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = jobException is null });
        command.Parameters.Add(new() { Value = (object?)FaultOf(jobException) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        // A run that ends because its replica does is written down all the same.
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    });

    public ValueTask JobExecutionVetoed(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask TriggerFired(ITrigger trigger, IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask TriggerComplete(
        ITrigger trigger, IJobExecutionContext context, SchedulerInstruction triggerInstructionCode, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>The kind alone: an exception's words may quote what it failed on.</summary>
    internal static string? FaultOf(Exception? fault)
    {
        while (fault is JobExecutionException or SchedulerException && fault.InnerException is { } inner) fault = inner;
        return fault switch
        {
            null => null,
            PostgresException refused => $"{nameof(PostgresException)} {refused.SqlState}",
            _ => fault.GetType().Name,
        };
    }

    private static long? RequestedRun(IJobExecutionContext context) =>
        context.MergedJobDataMap.TryGetValue(RunKey, out var run) && long.TryParse(run?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>That a run could not be written down is no reason not to run.</summary>
    private async ValueTask TryAsync(IJobExecutionContext context, Func<string, Task> write)
    {
        try
        {
            await write(context.JobDetail.Key.Name);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            LogNotRecorded(context.JobDetail.Key.Name, fault.GetType().Name);
        }
    }

    [LoggerMessage(2301, LogLevel.Warning, "A run of the job {Job} could not be written down ({Fault})")]
    private partial void LogNotRecorded(string job, string fault);
}
