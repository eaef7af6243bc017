using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Schedules a pause, changes one, or removes it.</summary>
public sealed partial class ScheduleDialog
{
    private static readonly PauseDays[] Week =
    [
        PauseDays.Monday, PauseDays.Tuesday, PauseDays.Wednesday, PauseDays.Thursday, PauseDays.Friday, PauseDays.Saturday, PauseDays.Sunday,
    ];

    private static readonly string[] Zones =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id.Contains('/') || id == "UTC").Order(StringComparer.Ordinal)];

    private bool _isWeekly = true;
    private PauseDays _days = PauseDays.Sunday;
    private DateOnly _onDay;
    private TimeOnly _from = new(2, 0);
    private TimeOnly _to = new(4, 0);
    private string _zone = "";
    private string _reason = "";
    private string _autoAnswer = "";
    private string? _whenFault;
    private string? _reasonFault;
    private string? _fault;
    private bool _isWorking;

    /// <summary>The schedule as it was seen; null for a new one.</summary>
    [Parameter] public PauseSchedule? Seen { get; set; }

    [Inject] public required AuditReader Trail { get; init; }

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required PauseSchedules All { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private PauseWindow Window => new(_zone.Trim(), _isWeekly ? null : _onDay, _days, _from, _to);

    /// <summary>The next window with its true length, which the clocks may change.</summary>
    private string? Preview => Window is { Fault: null } window
        ? window.Next(Time.GetUtcNow()) is { } next
            ? $"{(next.Start <= Time.GetUtcNow() ? "It would begin at once" : $"Next: {Clock.Text(next.Start, TimeShape.DayMinute)}")}, until {Clock.Text(next.End, TimeShape.DayMinute)} your time; {DurationText.Of(next.End - next.Start)}."
            : "That is past."
        : null;

    public static Task OpenAsync(DialogService dialogs, PauseSchedule? seen) => dialogs.OpenAsync<ScheduleDialog>(
        seen is null ? "Schedule a pause" : "A scheduled pause", new Dictionary<string, object?> { [nameof(Seen)] = seen }, DialogShape.Small);

    protected override void OnInitialized()
    {
        _zone = Clock.Zone.Id;
        _onDay = DateOnly.FromDateTime(Clock.Now.Date).AddDays(1);
        if (Seen is not { Plan: { Window: var window } plan }) return;
        (_zone, _from, _to, _reason, _autoAnswer) = (window.Zone, window.From, window.To, plan.Reason, plan.AutoAnswer ?? "");
        _isWeekly = window.OnDay is null;
        _days = window.Days == PauseDays.None ? _days : window.Days;
        _onDay = window.OnDay ?? _onDay;
    }

    private Task SaveAsync()
    {
        var plan = new PausePlan(Window, _reason.Trim(), _autoAnswer.Trim() is { Length: > 0 } answer ? answer : null);
        _whenFault = plan.Window.Fault ?? (plan.Window.Next(Time.GetUtcNow()) is null ? "That is already past. Pick a later day." : null);
        _reasonFault = plan.Reason.Length == 0 ? "Say why, in a few words." : null;
        return (_whenFault ?? _reasonFault) is not null ? Task.CompletedTask : ActAsync(async actor =>
        {
            if (Seen is { } seen) return await All.ChangeAsync(seen, plan, actor, CancellationToken.None);
            await All.AddAsync(plan, actor, CancellationToken.None);
            return ScheduleOutcome.Done;
        });
    }

    private Task RemoveAsync() => ActAsync(actor => All.RemoveAsync(Seen!, actor, CancellationToken.None));

    private Task<string?> WhoAsync() => Trail.LastActorAsync(PauseSchedules.Resource(Seen!.Id), "schedule.change", CancellationToken.None);

    private async Task ActAsync(Func<Actor, Task<ScheduleOutcome>> act)
    {
        if (_isWorking) return;
        _isWorking = true;
        _fault = null;
        try
        {
            if (await Desk.OperateAsync(act) == ScheduleOutcome.Done)
                Dialogs.Close();
            else
                _fault = $"{await WhoAsync() ?? "Somebody"} changed this schedule while you edited. Close this, look, then decide.";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing is changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Nothing is changed: your role may not schedule a pause.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
