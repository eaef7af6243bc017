using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Registers the inbound sweep and the count of refused webhooks.</summary>
public static class SweepServices
{
    public static IServiceCollection AddSweep(this IServiceCollection services)
    {
        services.AddSingleton<RejectionLog>().AddHostedService(provider => provider.GetRequiredService<RejectionLog>());
        services.AddSingleton<InboundSweep>();
        services.AddHostedService<SweepAfterOutage>();
        services.AddClusteredJob<InboundSweepJob>("inbound-sweep", "45 * * * * ?");
        return services;
    }
}
