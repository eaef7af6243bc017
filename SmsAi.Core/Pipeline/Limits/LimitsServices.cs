using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>Registers who is answered, how often, and how late.</summary>
public static class LimitsServices
{
    /// <summary>Adds <see cref="SenderRules"/>, <see cref="SenderLimits"/> and <see cref="Staleness"/>.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<LimitsOptions>(configuration.GetSection(LimitsOptions.Section), options => options.Faults())
            .Configure(options => LimitsOptions.Read(options, configuration));
        services.AddCheckedOptions<LoopGuardOptions>(configuration.GetSection(LoopGuardOptions.Section), options => options.Faults());
        services.AddCheckedOptions<StalenessOptions>(configuration.GetSection(StalenessOptions.Section), options => options.Faults());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SenderRules>();
        services.AddSingleton<Staleness>();
        services.AddSingleton<TierLimits>();
        services.AddSingleton<LoopGuard>();
        services.AddSingleton<MonthBudget>();
        services.AddSingleton<LimitUse>();
        services.AddSingleton<LiveReplicas>();
        services.AddSingleton(provider => new SenderLimits(
            provider.GetRequiredService<TierLimits>(), provider.GetRequiredService<MonthBudget>(), provider.GetRequiredService<LoopGuard>(),
            provider.GetRequiredService<RedisConnection>(), provider.GetRequiredService<LiveReplicas>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
