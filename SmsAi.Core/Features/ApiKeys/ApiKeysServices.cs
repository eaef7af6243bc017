using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>Registers keys, the tokens they are exchanged for, and the verb that makes them.</summary>
public static class ApiKeysServices
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyActs>().AddSingleton<ApiKeyCheck>().AddSingleton<TokenKeys>().AddSingleton<AccessTokens>().AddSingleton<ApiKeyVerb>();
        return services.AddSingleton(new Verb(ApiKeyVerb.Name, ApiKeyVerb.Usage,
            (provider, args, output, cancel) => provider.GetRequiredService<ApiKeyVerb>().RunAsync(args, output, Console.Error, cancel)));
    }
}
