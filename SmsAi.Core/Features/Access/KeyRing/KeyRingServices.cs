using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SmsAi.Core.Features.Access.KeyRing;

/// <summary>Lets ASP.NET keep its key ring where all replicas find it.</summary>
internal static class KeyRingServices
{
    /// <summary>Never change it: keys are bound to it.</summary>
    private const string ApplicationName = "smsai";

    internal static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddSingleton<PostgresKeyRing>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = provider.GetRequiredService<PostgresKeyRing>()));
        // It warns that keys are stored in the clear, since it can't know that the repository encrypts them.
        services.Configure<LoggerFilterOptions>(filters =>
            filters.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));
        return services;
    }
}
