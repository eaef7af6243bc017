using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Platform.Scheduling;

/// <summary>Starts the scheduler once the schema is there (its tables are part of it), and at the end lets running jobs finish.</summary>
internal sealed partial class SchedulerHost(
    ISchedulerFactory schedulers, Schema schema, IEnumerable<JobAtStart> atStart, ILogger<SchedulerHost> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await schema.WaitUntilReadyAsync(stoppingToken);
            while (!await TryStartAsync(stoppingToken)) await Task.Delay(1000, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Also one that was being made when it was given up.
        foreach (var scheduler in await schedulers.GetAllSchedulers(cancellationToken))
            await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    async Task<bool> TryStartAsync(CancellationToken cancel)
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(cancel);
            await scheduler.Start(cancel);
            foreach (var job in atStart) await scheduler.TriggerJob(new JobKey(job.Name), cancellationToken: cancel);
            return true;
        }
        catch (Exception fault) when (fault is SchedulerException or DbException && !cancel.IsCancellationRequested)
        {
            LogNotStarted(fault);
            return false;
        }
    }

    [LoggerMessage(9300, LogLevel.Warning, "The scheduler could not start; it is tried again")]
    partial void LogNotStarted(Exception fault);
}
