using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Features.Phone;

/// <summary>Registers the handset that texts this very app.</summary>
public static class PhoneServices
{
    private const string ClientName = "phone";
    private const long LongestAnswer = 64 * 1024;

    public static IServiceCollection AddPhone(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOutwardHttp(ClientName, LongestAnswer);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Handset>(
            provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName)));
        services.TryAddSingleton<MessageBodies>();
        return services.AddSingleton<WireLog>().AddSingleton<PhoneBook>().AddSingleton<PhoneReader>().AddSingleton<HandsetFaults>();
    }
}
