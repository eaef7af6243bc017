using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Brings encryption, hashing and blinded search into the program; wrong or missing keys stop its start.</summary>
public static class PrivacyRegistration
{
    public static IServiceCollection AddPrivacy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PrivacyOptions>().Bind(configuration.GetSection(PrivacyOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PrivacyOptions>, PrivacyOptionsValidator>();
        services.AddSingleton(provider => new PhoneHasher(Keys(provider).PhoneHashKeyBytes()));
        services.AddSingleton(provider => new MasterKeys(Keys(provider).EncryptionKeyBytes(), Keys(provider).PreviousEncryptionKeyBytes()));
        return services;
    }

    private static PrivacyOptions Keys(IServiceProvider provider) => provider.GetRequiredService<IOptions<PrivacyOptions>>().Value;
}
