using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Searching;

/// <summary>Registers what makes texts findable.</summary>
public static class SearchingServices
{
    public static IServiceCollection AddSearching(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSingleton<TextSearch>().AddSingleton<ILedgerReader, TermsReader>();
    }
}
