using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Redis;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>Registers keys, the tokens they are exchanged for, how often they may call, and the verb that makes them.</summary>
public static class ApiKeysServices
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<ApiLimitOptions>(configuration.GetSection(ApiLimitOptions.Section), options => options.Faults());
        services.AddSingleton(provider => new KeyLimits(
            provider.GetRequiredService<IOptions<ApiLimitOptions>>(), provider.GetRequiredService<RedisConnection>(),
            provider.GetRequiredService<LiveReplicas>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ApiKeyActs>().AddSingleton<ApiKeyCheck>().AddSingleton<TokenKeys>().AddSingleton<AccessTokens>().AddSingleton<ApiKeyVerb>();
        return services.AddSingleton(new Verb(ApiKeyVerb.Name, ApiKeyVerb.Usage,
            (provider, args, output, cancel) => provider.GetRequiredService<ApiKeyVerb>().RunAsync(args, output, Console.Error, cancel)));
    }
}
