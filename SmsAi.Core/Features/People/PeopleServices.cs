using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.People;

/// <summary>Registers what is kept about people beside the road.</summary>
public static class PeopleServices
{
    public static IServiceCollection AddPeople(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSingleton<ILedgerReader, PeopleReader>().AddSingleton<PeopleList>().AddSingleton<PeopleActs>()
            .AddSingleton<PersonReader>().AddSingleton<Tiers>().AddSingleton<PersonContacts>().AddSingleton<PersonActs>().AddSingleton<PersonNotes>();
    }
}
