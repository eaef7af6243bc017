using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SmsAi.Core.Platform.Live;

/// <summary>Registers the feed and its wire to the other replicas.</summary>
public static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LiveWire>();
        services.AddSingleton<LiveFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveWire>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
        return services;
    }
}
