using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Registers the language model, what it is shown, and its prices.</summary>
public static class ReplyingServices
{
    private const string ClientName = "openai";

    /// <summary>Adds <see cref="IChatModel"/>, <see cref="Prices"/>, <see cref="SmsPrice"/>, <see cref="RecentTurns"/> and their settings.</summary>
    public static IServiceCollection AddReplying(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<OpenAiOptions>(configuration.GetSection(OpenAiOptions.Section), options => options.Faults());
        services.AddCheckedOptions<PricesOptions>(configuration.GetSection(PricesOptions.Section), options => options.Faults());
        services.AddCheckedOptions<RecentTurnsOptions>(configuration.GetSection(RecentTurnsOptions.Section), options => options.Faults());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ListenAddress>();
        services.TryAddSingleton<Prices>();
        services.TryAddSingleton<SmsPrice>();
        services.TryAddSingleton<ModelCalls>();
        services.TryAddSingleton<ThreadReader>();
        services.TryAddSingleton<RecentTurns>();
        services.AddOutwardHttp(ClientName, longestAnswer: 4 * 1024 * 1024);
        services.TryAddSingleton<IChatModel>(provider => ActivatorUtilities.CreateInstance<OpenAiChatModel>(
            provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName)));
        return services;
    }
}
