using Microsoft.Extensions.DependencyInjection;
using Quartz;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Features.Jobs;

/// <summary>Registers the list of jobs, the acts on them, and who writes down their runs.</summary>
public static class JobsServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobRecorder>().AddSingleton<JobList>().AddSingleton<JobActs>();
        services.AddQuartz(quartz => quartz
            .AddJobListener(provider => provider.GetRequiredService<JobRecorder>())
            .AddTriggerListener(provider => provider.GetRequiredService<JobRecorder>()));
        return services.AddClusteredJob<JobRunRetentionJob>("job-run-retention", JobRunRetentionJob.Schedule);
    }
}
