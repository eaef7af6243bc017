using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Settings;

/// <summary>Brings in the Settings page.</summary>
public static class SettingsPages
{
    public static IServiceCollection AddSettingsPage(this IServiceCollection services) => services.AddTransient<SettingsModel>().AddPage(new NavigationItem
    {
        Group = NavigationGroup.System,
        Order = 9,
        Title = "Settings",
        Path = "settings",
        Icon = IconName.Settings,
        Policy = Rights.CanRead,
    });
}
