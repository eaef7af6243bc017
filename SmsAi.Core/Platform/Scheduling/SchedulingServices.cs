using Microsoft.Extensions.DependencyInjection;
using Quartz;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Platform.Scheduling;

/// <summary>
/// Registers the scheduler: one cluster of all replicas over the database, so that each job runs once however many replicas there are.
/// A slice adds its own job by <see cref="AddClusteredJob{T}"/>.
/// </summary>
public static class SchedulingServices
{
    /// <summary>The cluster's name, the same in every replica.</summary>
    public const string Cluster = "smsai";

    public static IServiceCollection AddScheduling(this IServiceCollection services)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = Cluster;
                scheduler.GenerateInstanceId = true;
                // After an outage a job runs once, not once for each time it missed.
                scheduler.DefaultMisfireHandling = DefaultMisfireHandling.FireAndProceed;
            });
            quartz.UseDefaultThreadPool(4);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(source => source.DataSourceFactory = provider => provider.GetRequiredService<Databases>().Pages);
                store.UseSystemTextJsonSerializer();
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = TimeSpan.FromSeconds(1);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(2);
                });
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "qrtz_";
                    options.MisfireThreshold = TimeSpan.FromSeconds(30);
                    options.DbRetryInterval = TimeSpan.FromSeconds(2);
                });
            });
        });
        services.AddHostedService<SchedulerHost>();
        return services;
    }

    /// <summary>
    /// Runs a job by a cron schedule in UTC (seconds first), once in the whole cluster; the name is its identity for ever. Its class says in a
    /// <see cref="System.ComponentModel.DescriptionAttribute"/> what it does, for operators.
    /// </summary>
    public static IServiceCollection AddClusteredJob<T>(this IServiceCollection services, string name, string cron, bool atStart = false)
        where T : class, IJob
    {
        services.AddQuartz(quartz => quartz.ScheduleJob<T>(
            trigger => trigger.WithIdentity(name).WithCronSchedule(cron, schedule => schedule.InTimeZone(TimeZoneInfo.Utc)),
            job => job.WithIdentity(name).StoreDurably()));
        services.AddSingleton(ScheduledJob.Of(typeof(T), name, cron));
        if (atStart) services.AddSingleton(new JobAtStart(name));
        return services;
    }
}

/// <summary>A job that also runs when a replica starts.</summary>
internal sealed record JobAtStart(string Name);
