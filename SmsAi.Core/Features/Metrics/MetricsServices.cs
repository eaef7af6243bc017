using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

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
        services.TryAddSingleton<MessageBodies>();
        services.AddSingleton<OverviewQuery>();
        services.AddSingleton(provider => new OverviewSource(
            provider.GetRequiredService<OverviewQuery>(), provider.GetRequiredService<MessageBodies>(), provider.GetRequiredService<LiveFeed>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OverviewSource>>()));
        services.AddHostedService(provider => provider.GetRequiredService<OverviewSource>());
        services.AddSingleton(provider => new OverviewSpans(provider.GetRequiredService<Databases>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RealtimeFigures(
            provider.GetRequiredService<OverviewSource>(), provider.GetRequiredService<OverviewQuery>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
