using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Registers encryption, hashing and blinded search; wrong or missing keys stop the program's start.</summary>
public static class PrivacyServices
{
    public static IServiceCollection AddPrivacy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PrivacyOptions>().Bind(configuration.GetSection(PrivacyOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PrivacyOptions>, PrivacyOptionsValidator>();
        services.AddSingleton(provider => new PhoneHasher(Keys(provider).PhoneHashKeyBytes()));
        services.AddSingleton(provider => new MasterKeys(Keys(provider).EncryptionKeyBytes(), Keys(provider).PreviousEncryptionKeyBytes()));
        services.AddSingleton<PersonKeys>();
        services.AddSingleton(provider =>
            new SearchKeys(provider.GetRequiredService<Databases>().Road, provider.GetRequiredService<MasterKeys>()));
        return services;
    }

    private static PrivacyOptions Keys(IServiceProvider provider) => provider.GetRequiredService<IOptions<PrivacyOptions>>().Value;
}
