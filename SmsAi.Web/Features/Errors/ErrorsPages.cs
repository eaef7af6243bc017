using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Errors;

/// <summary>Brings in the Errors page.</summary>
public static class ErrorsPages
{
    public static IServiceCollection AddErrorsPage(this IServiceCollection services) => services.AddTransient<ErrorsModel>().AddPage(new NavigationItem
    {
        Group = NavigationGroup.System,
        Order = 2,
        Title = "Errors",
        Path = "errors",
        Icon = IconName.Fault,
        Count = typeof(OpenErrorCount),
        Policy = Rights.CanRead,
    });
}
