using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Configuration;
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
        services.AddSingleton<SystemChecks>().AddSingleton<ServiceStates>();
        services.AddSingleton<ServiceHealth>().AddHostedService(provider => provider.GetRequiredService<ServiceHealth>());
        return services;
    }

    /// <summary>Lets each replica report its figures, and the System page read them and the webhook log.</summary>
    public static IServiceCollection AddReplicaReport(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(provider => new ReplicaMeter(
            provider.GetRequiredService<TurnSlots>(), provider.GetRequiredService<IOptions<QueueOptions>>(),
            HostFolders.Logs(configuration, Directory.GetCurrentDirectory())));
        services.AddSingleton<SystemReader>().AddSingleton<WebhookLog>();
        return services.AddHostedService<ReplicaReport>();
    }
}
