using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>Brings in the System page with its webhook log and its check.</summary>
public static class SystemCheckPages
{
    public static IServiceCollection AddSystemCheckPage(this IServiceCollection services) => services
        .AddTransient<SystemCheckModel>()
        .AddTransient<SystemModel>()
        .AddTransient<WebhooksModel>()
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.System,
            Order = 1,
            Title = "System",
            Path = "system",
            Icon = IconName.SystemCheck,
            Policy = Rights.CanRead,
        });
}
