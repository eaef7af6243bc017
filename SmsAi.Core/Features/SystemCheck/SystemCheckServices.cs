using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Registers the system check and the health that is looked after in the background.</summary>
public static class SystemCheckServices
{
    internal const string Client = "system-check";

    public static IServiceCollection AddSystemCheck(this IServiceCollection services)
    {
        services.TryAddSingleton<ListenAddress>();
        services.AddOutwardHttp(Client, longestAnswer: 256 * 1024);
        services.AddSingleton<DatabaseCheck>().AddSingleton<RedisCheck>().AddSingleton<TwilioCheck>().AddSingleton<OpenAiCheck>().AddSingleton<PublicUrlCheck>();
        services.AddSingleton<SystemChecks>();
        services.AddSingleton<ServiceHealth>().AddHostedService(provider => provider.GetRequiredService<ServiceHealth>());
        return services;
    }
}
