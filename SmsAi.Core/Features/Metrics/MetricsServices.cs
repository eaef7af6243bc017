using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Registers the figures: their reader, the live counters, the day's cap and the Overview's snapshot.</summary>
public static class MetricsServices
{
    public static IServiceCollection AddMetrics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SpendOptions>().Bind(configuration.GetSection(SpendOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ILedgerReader, MetricsReader>();
        services.AddSingleton<LiveCounters>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveCounters>());
        services.AddHostedService<SpendCap>();
        return services;
    }
}
