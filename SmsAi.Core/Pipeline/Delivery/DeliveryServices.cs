using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>Registers the carrier and what paces and guards it.</summary>
public static class DeliveryServices
{
    private const string ClientName = "twilio";

    /// <summary>Adds <see cref="ICarrier"/>, <see cref="SendPace"/>, <see cref="CarrierCircuit"/> and <see cref="OurNumbers"/>.</summary>
    public static IServiceCollection AddDelivery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckedOptions<TwilioOptions>(configuration.GetSection(TwilioOptions.Section), options => options.Faults());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ListenAddress>();
        services.TryAddSingleton<SendPace>();
        services.TryAddSingleton<CarrierCircuit>();
        services.TryAddSingleton<OurNumbers>();
        services.AddHostedService(provider => provider.GetRequiredService<OurNumbers>());
        services.AddOutwardHttp(ClientName, longestAnswer: 8 * 1024 * 1024);
        services.TryAddSingleton<ICarrier>(provider => ActivatorUtilities.CreateInstance<TwilioCarrier>(
            provider, provider.GetRequiredService<IHttpClientFactory>().CreateClient(ClientName)));
        return services;
    }
}
