using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Http;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>Registers the carrier and the model that play their parts while no credentials are set.</summary>
public static class SandboxServices
{
    private const string ClientName = "sandbox";

    /// <summary>Adds the sandbox, and points the ordinary clients to it for what has no credentials.</summary>
    public static IServiceCollection AddSandbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<SandboxOptions>(configuration.GetSection(SandboxOptions.Section), options => options.Faults());
        services.TryAddSingleton(_ => SandboxAccount.In(Folder(configuration)));
        services.AddOptions<TwilioOptions>().PostConfigure<IServiceProvider>((options, provider) =>
        {
            if (!options.IsSandbox)
                return;
            var account = provider.GetRequiredService<SandboxAccount>();
            options.UseSandbox(account.AccountSid, account.AuthToken, account.Number, SandboxAccount.CarrierPath);
        });
        services.AddOptions<OpenAiOptions>().PostConfigure<IServiceProvider>((options, provider) =>
        {
            if (!IsModelMissing(options))
                return;
            var account = provider.GetRequiredService<SandboxAccount>();
            (options.IsSandbox, options.ApiKey, options.BaseUrl) = (true, account.ModelKey, SandboxAccount.ModelPath);
        });
        services.AddSingleton(new Verb("sandbox", "sandbox credentials", (_, args, output, _) => SandboxVerb.RunAsync(args, configuration, output)));
        services.TryAddSingleton<ListenAddress>();
        services.TryAddSingleton<SandboxState>();
        services.TryAddSingleton<SandboxMessages>();
        services.TryAddSingleton<SandboxHandset>();
        services.TryAddSingleton<SandboxCarrier>();
        services.AddOutwardHttp(ClientName, longestAnswer: 64 * 1024);
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<SandboxWebhooks>(
            provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName)));
        services.TryAddSingleton<SandboxReceipts>();
        services.AddHostedService(provider => provider.GetRequiredService<SandboxReceipts>());
        return services;
    }

    internal static bool PlaysCarrier(IConfiguration configuration) =>
        (configuration.GetSection(TwilioOptions.Section).Get<TwilioOptions>() ?? new TwilioOptions()).IsSandbox;

    internal static bool PlaysModel(IConfiguration configuration) =>
        IsModelMissing(configuration.GetSection(OpenAiOptions.Section).Get<OpenAiOptions>() ?? new OpenAiOptions());

    internal static string Folder(IConfiguration configuration) =>
        Path.GetFullPath(configuration["Data:Folder"] is { Length: > 0 } configured ? configured : ".data");

    // A server of one's own without a key is a mistake to report, not the sandbox.
    private static bool IsModelMissing(OpenAiOptions options) =>
        string.IsNullOrWhiteSpace(options.ApiKey) && options.BaseUrl == OpenAiOptions.DefaultBaseUrl;
}
