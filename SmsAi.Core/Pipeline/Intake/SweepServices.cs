using Microsoft.Extensions.DependencyInjection;
using Quartz;
using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Registers the inbound sweep and the count of refused webhooks.</summary>
public static class SweepServices
{
    public static IServiceCollection AddSweep(this IServiceCollection services)
    {
        services.AddSingleton<RejectionLog>().AddHostedService(provider => provider.GetRequiredService<RejectionLog>());
        services.AddSingleton<InboundSweep>();
        services.AddHostedService<SweepAfterOutage>();
        services.AddQuartz(quartz => quartz.ScheduleJob<InboundSweepJob>(trigger => trigger
            .WithIdentity("inbound-sweep")
            .WithSimpleSchedule(schedule => schedule
                .WithInterval(TimeSpan.FromMinutes(1))
                .RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount))));
        return services;
    }
}
