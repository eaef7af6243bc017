using Microsoft.AspNetCore.Authentication;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Api;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Lets programs in by key or token.</summary>
public static class ApiKeysWebServices
{
    public static IServiceCollection AddApiKeyDoor(this IServiceCollection services)
    {
        services.AddSingleton<WrongKeys>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiDoor.Scheme, null);
        return services;
    }

    /// <summary>The page where operators make and end keys.</summary>
    public static IServiceCollection AddApiKeysPage(this IServiceCollection services) => services.AddScoped<ApiKeyDesk>().AddPage(new NavigationItem
    {
        Group = NavigationGroup.System,
        Order = 40,
        Title = "API keys",
        Path = "api-keys",
        Icon = IconName.Keys,
        Policy = Rights.CanAdminister,
    });
}
