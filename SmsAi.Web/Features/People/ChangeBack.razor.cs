using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Offers to put back tiers, blocks and tags, beside the line of the trail that changed them.</summary>
public sealed partial class ChangeBack
{
    private bool _isWorking;
    private PeopleChanged _changed = PeopleChanged.Nobody;

    [CascadingParameter] public required AuditLine Line { get; set; }

    [Inject] public required PeopleActs Acts { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    private async Task ChangeAsync()
    {
        if (_isWorking) return;
        _isWorking = true;
        var line = Line.Id;
        if (await BackDialog.OpenAsync(Dialogs, new BackAct(cancel => LookAsync(line, cancel), (reason, actor, progress, cancel) => PutBackAsync(line, reason, actor, progress, cancel))))
        {
            Toasts.Show($"{ChangeDialog.People(_changed.Changed.Count)} changed back", Tone.Ok);
            if (_changed.Conflicts > 0) Toasts.Show($"{ChangeDialog.People(_changed.Conflicts)} not changed back: changed since", Tone.Warn);
            // The trail has a line more.
            Navigation.NavigateTo(Navigation.Uri);
        }

        _isWorking = false;
    }

    private async Task<BackOffer> LookAsync(long line, CancellationToken cancel)
    {
        if (await Acts.PreviewBackAsync(line, cancel) is not { } back)
            return BackOffer.Refused("This row can't be changed back.");
        if (back.Lines.All(some => some.Back is null))
            return BackOffer.Refused(Refusal(back));
        return new([.. back.Lines.Select(some => new BackOfferLine(PersonWords.Now(back.Done, some.Now), Then(some), some.Back is not null, some.Now.People))], null);
    }

    private async Task<string?> PutBackAsync(long line, string reason, Actor actor, IProgress<long> progress, CancellationToken cancel)
    {
        _changed = await Acts.ChangeBackAsync(line, reason, actor, progress, cancel);
        return _changed.Changed.Count > 0 ? null : $"Nobody is changed back: {_changed.ConflictBy ?? "somebody else"} was faster.";
    }

    private static string Then(PeopleBackLine some) => some switch
    {
        { Back: { } back } => PersonWords.Then(back, some.Now),
        { GoneTier: { } tier } => $"stays so: the tier {tier} is gone",
        _ => "changed since, stays so",
    };

    private static string Refusal(PeopleBack back) => back.Lines switch
    {
        [] => "Nobody is there to change back: whoever this row changed was erased.",
        _ when back.Lines.FirstOrDefault(some => some.GoneTier is not null) is { GoneTier: var tier } => $"The tier {tier} is gone. Choose another under Users.",
        [{ Now: { People: 1, Tag: TagPlace.NoRoom } }] => "This person has as many tags as fit. Take one off first.",
        [{ Now: { People: 1 } now }] => $"This person was changed since: she is {PersonWords.Now(back.Done, now)} now.",
        _ => "Everyone this row changed was changed since.",
    };
}
