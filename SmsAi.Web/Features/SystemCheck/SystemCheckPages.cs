using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>Brings in the System check page.</summary>
public static class SystemCheckPages
{
    public static IServiceCollection AddSystemCheckPage(this IServiceCollection services) => services
        .AddTransient<SystemCheckModel>()
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.System,
            Order = 10,
            Title = "System check",
            Path = "system-check",
            Icon = IconName.SystemCheck,
            Policy = Rights.CanRead,
        });
}
