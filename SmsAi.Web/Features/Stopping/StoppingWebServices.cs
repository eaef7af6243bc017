using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Shell.Finding;
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
        services.AddSingleton(Slot.Of<StopChangeBack>(SlotPlace.AuditLine));
        services.AddHostedService<RailWatch>();
        services.AddScoped<SwitchDesk>().AddTransient<ControlsModel>();
        services.AddLeversToPalette();
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
    private static void AddLeversToPalette(this IServiceCollection services) => services
        .AddPaletteAct(new()
        {
            Title = "Stop all",
            Detail = "every send and model call, at once",
            Also = "kill halt emergency",
            Icon = IconName.Stop,
            Policy = Rights.CanOperate,
            Keys = ["Ctrl", "Shift", "."],
            IsAlwaysThere = true,
            Fits = rail => rail.Condition != ServiceCondition.Stopped,
            Press = "button[form='stop-all']",
        })
        .AddPaletteAct(new()
        {
            Title = "Pause…",
            Detail = "until a time",
            Also = "hold wait",
            Icon = IconName.Pause,
            Policy = Rights.CanOperate,
            Fits = rail => rail.Condition == ServiceCondition.Live,
            Run = screen => screen.GetRequiredService<DialogService>().OpenAsync<PauseDialog>("Pause answers", null, DialogShape.Small),
        })
        .AddPaletteAct(new()
        {
            Title = "Resume…",
            Detail = "sends and answers",
            Also = "continue start unpause",
            Icon = IconName.Resume,
            Policy = Rights.CanAdminister,
            Fits = rail => rail.Condition != ServiceCondition.Live,
            Run = screen => ResumeDialog.OpenAsync(
                screen.GetRequiredService<DialogService>(),
                screen.GetRequiredService<RailSource>().Current.Condition == ServiceCondition.Stopped ? Switch.Kill : Switch.Pause),
        })
        .AddPaletteAct(new()
        {
            Title = "Turn the model off…",
            Detail = "texts wait, operators' sends go on",
            Also = "ai",
            Icon = IconName.Models,
            Policy = Rights.CanOperate,
            Fits = rail => rail.AiOffSince is null,
            Run = screen => screen.GetRequiredService<DialogService>().OpenAsync<ModelOffDialog>("Turn the model off?", null, DialogShape.Small),
        })
        .AddPaletteAct(new()
        {
            Title = "Turn the model on…",
            Detail = "texts that waited are answered",
            Also = "ai",
            Icon = IconName.Models,
            Policy = Rights.CanAdminister,
            Fits = rail => rail.AiOffSince is not null,
            Run = screen => ResumeDialog.OpenAsync(screen.GetRequiredService<DialogService>(), Switch.Ai),
        });
}
