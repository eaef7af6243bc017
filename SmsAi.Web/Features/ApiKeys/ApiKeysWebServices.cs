using Microsoft.AspNetCore.Authentication;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Lets programs in by key or token.</summary>
public static class ApiKeysWebServices
{
    public static IServiceCollection AddApiKeyDoor(this IServiceCollection services)
    {
        services.AddSingleton<WrongKeys>().AddSingleton<Denials>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiDoor.Scheme, null);
        return services;
    }
}
