using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Asks what a pause needs to know and starts it.</summary>
public sealed partial class PauseDialog
{
    private static readonly PauseChoice[] Choices =
    [
        new("15 min", TimeSpan.FromMinutes(15)), new("1 hour", TimeSpan.FromHours(1)), new("Until a time", null, IsTime: true), new("Until resumed", null),
    ];

    private PauseChoice _choice = Choices[0];
    private TimeOnly _untilTime;
    private string _reason = "";
    private string _autoAnswer = "";
    private string? _untilFault;
    private string? _fault;
    private bool _isWorking;

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private string AnswerHint => _autoAnswer.Trim() is { Length: > 0 } text
        ? $"Goes to each person once, when she texts. {Parts(Segments.Count(text).Segments)}."
        : "Goes to each person once, when she texts. Leave it empty to stay silent.";

    protected override void OnInitialized()
    {
        var inAnHour = Clock.Now.AddHours(1);
        _untilTime = new TimeOnly(inAnHour.Hour, inAnHour.Minute / 15 * 15);
    }

    private async Task SaveAsync()
    {
        _untilFault = _fault = null;
        if (!TryUntil(out var until)) return;
        _isWorking = true;
        try
        {
            await Desk.PauseAsync(until, _reason, _autoAnswer.Trim() is { Length: > 0 } answer ? answer : null, CancellationToken.None);
            Dialogs.Close();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not paused: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not paused: your role may not pause the service.";
        }
        finally
        {
            _isWorking = false;
        }
    }

    private bool TryUntil(out DateTimeOffset? until)
    {
        until = _choice.Span is { } span ? Time.GetUtcNow() + span : null;
        if (!_choice.IsTime) return true;
        until = PauseTime.Next(_untilTime, Clock);
        if (until is null) _untilFault = $"{ClockText.Of(_untilTime)} doesn't exist today: the clocks change. Pick another time.";
        return until is not null;
    }

    private static string Parts(int count) => count == 1 ? "1 segment" : $"{count} segments";

    private sealed record PauseChoice(string Name, TimeSpan? Span, bool IsTime = false);
}
