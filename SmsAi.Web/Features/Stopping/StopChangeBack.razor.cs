using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Offers to undo a hold that was placed or lifted and a number that was blocked or freed, beside its line of the trail.</summary>
public sealed partial class StopChangeBack
{
    private bool _isWorking;

    [CascadingParameter] public required AuditLine Line { get; set; }

    [Inject] public required StopUndo Undo { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    private async Task ChangeAsync()
    {
        if (_isWorking) return;
        _isWorking = true;
        var line = Line.Id;
        var act = new BackAct(cancel => LookAsync(line, cancel), (reason, actor, _, cancel) => Undo.ChangeBackAsync(line, reason, actor, cancel));
        if (await BackDialog.OpenAsync(Dialogs, act))
        {
            Toasts.Show("Changed back", Tone.Ok);
            // The trail has a line more.
            Navigation.NavigateTo(Navigation.Uri);
        }

        _isWorking = false;
    }

    private async Task<BackOffer> LookAsync(long line, CancellationToken cancel)
    {
        if (await Undo.PreviewAsync(line, cancel) is not { } back)
            return BackOffer.Refused("This row can't be changed back.");
        if (back.Refusal is { } refusal)
            return BackOffer.Refused(refusal);
        var until = back.Until is { } end ? $" until {Clock.Text(end, TimeShape.DayMinute)}" : "";
        var what = back.Resource.StartsWith("user:", StringComparison.Ordinal) ? "This person" : AuditWords.Resource(back.Resource);
        return new(
            [
                back.What switch
                {
                    "hold.place" => new($"{what}: held by {back.By}", "not held, what waits may leave", true),
                    "hold.lift" => new($"{what}: not held", $"held{until}", true),
                    "number.block" => new($"··{back.Resource}: blocked by {back.By}", "answered again", true),
                    _ => new($"··{back.Resource}: answered", $"blocked{until}", true),
                },
            ], null);
    }
}
