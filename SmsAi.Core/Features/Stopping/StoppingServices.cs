using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Scheduling;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Registers the switches: their gates, this replica's eye on them, and the pause's notice.</summary>
public static class StoppingServices
{
    public static IServiceCollection AddStopping(this IServiceCollection services)
    {
        services.AddSingleton<ISendGate, KillGate>();
        services.AddSingleton<ISendGate, PauseGate>();
        services.AddSingleton<ISendGate, ModelOffGate>();
        services.AddSingleton<StopSwitches>().AddSingleton<StopReceipts>().AddSingleton<StopVerb>();
        services.AddSingleton<Holds>().AddSingleton<BlockedNumbers>().AddSingleton<StopUndo>().AddHostedService<Expiry>();
        services.AddSingleton(new Verb("kill", "kill [reason]",
            (provider, args, output, cancel) => provider.GetRequiredService<StopVerb>().RunAsync(args, output, cancel)));
        services.AddSingleton<StopDrill>().AddSingleton<StopChecks>();
        services.AddSingleton<RecentFlips>();
        services.AddSingleton<SwitchWatch>();
        services.AddSingleton<IAnswerGate>(provider => provider.GetRequiredService<SwitchWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<SwitchWatch>());
        services.AddHostedService<StopHeartbeat>();
        services.AddSingleton<PauseSchedules>().AddHostedService<PauseClock>();
        services.AddSingleton<ILedgerReader, PauseNotices>();
        return services;
    }

    public static IServiceCollection AddReplicaRetention(this IServiceCollection services) =>
        services.AddClusteredJob<ReplicaRetentionJob>("replica-retention", ReplicaRetentionJob.Schedule);
}
