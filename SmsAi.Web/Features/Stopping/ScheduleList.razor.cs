using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Shows the scheduled pauses, and switches them on and off.</summary>
public sealed partial class ScheduleList
{
    private bool _mayOperate;

    /// <summary>Null before they are read.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<PauseSchedule>? Schedules { get; set; }

    /// <summary>Something was changed here: whoever read the schedules reads them again.</summary>
    [Parameter] public EventCallback Changed { get; set; }

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required PauseSchedules All { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    protected override async Task OnInitializedAsync() => _mayOperate = await Desk.MayAsync(Rights.CanOperate);

    private string Next(PauseSchedule schedule) => schedule switch
    {
        { IsEnabled: false } => "off",
        { NextStart: null } => "over",
        { NextStart: { } start } when start <= Time.GetUtcNow() => "now",
        { NextStart: { } start } => $"next {Clock.Text(start, TimeShape.DayMinute)}",
    };

    private string? Last(PauseSchedule schedule) => (schedule.LastOutcome, schedule.LastStart) switch
    {
        ("missed", { } start) => $"Missed {Clock.Text(start, TimeShape.DayMinute)}: the service wasn't running",
        ("late", { } start) => $"Began late for {Clock.Text(start, TimeShape.DayMinute)}",
        ("covered", { } start) => $"{Clock.Text(start, TimeShape.DayMinute)}: another pause was on as long",
        _ => null,
    };

    private async Task SwitchAsync(PauseSchedule schedule, bool on)
    {
        try
        {
            var outcome = await Desk.OperateAsync(actor => All.SwitchAsync(schedule, on, actor, CancellationToken.None));
            if (outcome == ScheduleOutcome.Conflict) Toasts.Show("Not switched: somebody changed this schedule meanwhile", Tone.Warn);
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            Toasts.Show("Not switched: the database doesn't answer", Tone.Stop);
        }
        catch (UnauthorizedAccessException)
        {
            Toasts.Show("Not switched: your role may not", Tone.Stop);
        }

        await Changed.InvokeAsync();
    }
}
