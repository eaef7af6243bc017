using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Registers the host of the readers, which slices add as <see cref="ILedgerReader"/>, and the replay of a stream.</summary>
public static class LedgerServices
{
    public static IServiceCollection AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSingleton<LedgerReplay>();
        services.AddSingleton<LedgerVerb>();
        services.AddSingleton(new Verb("ledger", "ledger replay <stream> [from-version]",
            (provider, args, output, cancel) => provider.GetRequiredService<LedgerVerb>().RunAsync(args, output, cancel)));
        services.AddHostedService<LedgerReaderHost>();
        return services;
    }
}
