using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Core.Platform.Redis;

/// <summary>Registers the one way to Redis.</summary>
public static class RedisServices
{
    public static IServiceCollection AddRedis(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RedisOptions>().Bind(configuration.GetSection(RedisOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSettingsFaults((settings, _) =>
            RedisAddress.Of(settings) is { } address && RedisAddress.FaultOf(address) is { } fault ? [$"{RedisAddress.Key} {fault}."] : []);
        services.AddSingleton(provider => new RedisConnection(
            RedisAddress.Of(configuration),
            provider.GetRequiredService<IOptions<RedisOptions>>().Value,
            provider.GetRequiredService<ILogger<RedisConnection>>()));
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
        return services;
    }
}
