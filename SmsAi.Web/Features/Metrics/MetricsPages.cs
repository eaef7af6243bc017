using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Metrics;

/// <summary>Brings in the Overview.</summary>
public static class MetricsPages
{
    public static IServiceCollection AddOverviewPage(this IServiceCollection services) => services
        .AddTransient<OverviewModel>()
        .AddSingleton(Slot.Of<RailFigures>(SlotPlace.RailFacts))
        .AddPage(new NavigationItem
        {
            Group = NavigationGroup.Live,
            Order = 10,
            Title = "Overview",
            Path = "",
            Icon = IconName.Overview,
            Key = "o",
            IsInBar = true,
            Policy = Rights.CanRead,
        });
}
