using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Jobs;

/// <summary>Brings in the Jobs page.</summary>
public static class JobsPages
{
    public static IServiceCollection AddJobsPage(this IServiceCollection services) => services.AddTransient<JobsModel>().AddPage(new NavigationItem
    {
        Group = NavigationGroup.System,
        Order = 3,
        Title = "Jobs",
        Path = "jobs",
        Icon = IconName.Jobs,
        Policy = Rights.CanRead,
    });
}
