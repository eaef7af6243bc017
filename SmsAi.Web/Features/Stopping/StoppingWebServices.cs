using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Puts the levers on the rail, what they did on the overview, and the page about them into the side.</summary>
public static class StoppingWebServices
{
    public static IServiceCollection AddStoppingPages(this IServiceCollection services)
    {
        services.AddSingleton(Slot.Of<RailLevers>(SlotPlace.Rail));
        services.AddSingleton(Slot.Of<StopSummary>(SlotPlace.OverviewTop));
        services.AddSingleton(Slot.Of<PauseInSheet>(SlotPlace.MoreSheet));
        services.AddHostedService<RailWatch>();
        services.AddScoped<SwitchDesk>();
        return services.AddPage(new()
        {
            Group = NavigationGroup.Safety,
            Order = 1,
            Title = "Controls",
            Path = "controls",
            Icon = IconName.Controls,
            Key = "c",
            IsInBar = true,
        });
    }
}
