using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Registers the language model and its prices.</summary>
public static class ReplyingServices
{
    private const string ClientName = "openai";

    /// <summary>Adds <see cref="IChatModel"/>, <see cref="Prices"/>, <see cref="SmsPrice"/> and their settings.</summary>
    public static IServiceCollection AddReplying(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OpenAiOptions>().Bind(configuration.GetSection(OpenAiOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OpenAiOptions>>(new Check<OpenAiOptions>(options => options.Faults()));
        services.AddOptions<PricesOptions>().Bind(configuration.GetSection(PricesOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PricesOptions>>(new Check<PricesOptions>(options => options.Faults()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ListenAddress>();
        services.TryAddSingleton<Prices>();
        services.TryAddSingleton<SmsPrice>();
        services.AddOutwardHttp(ClientName, longestAnswer: 4 * 1024 * 1024);
        services.TryAddSingleton<IChatModel>(provider => ActivatorUtilities.CreateInstance<OpenAiChatModel>(
            provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName)));
        return services;
    }

    private sealed class Check<TOptions>(Func<TOptions, IEnumerable<string>> faults) : IValidateOptions<TOptions> where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            faults(options).ToList() is [_, ..] found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}
