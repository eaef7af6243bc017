using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Registers the figures: their reader, the live counters and the Overview's snapshot.</summary>
public static class MetricsServices
{
    public static IServiceCollection AddMetrics(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SpendOptions>().Bind(configuration.GetSection(SpendOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<ILedgerReader, MetricsReader>();
    }
}
