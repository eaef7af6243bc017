using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>The tiers, what each allows and how many people are in it.</summary>
public sealed partial class TiersPage
{
    private IReadOnlyList<TierView>? _tiers;
    private bool _mayAdminister;

    [Inject] public required Tiers Tiers { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    private string? WhyNot => _mayAdminister ? null : "Only an admin may change tiers";

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnInitializedAsync()
    {
        _mayAdminister = await Desk.MayAsync(Rights.CanAdminister);
        await ReadAsync(LoadAsync);
    }

    private async Task LoadAsync(CancellationToken cancel) => _tiers = await Tiers.ReadAsync(cancel);

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.People], leaving))
        {
            await ReadAsync(LoadAsync);
            StateHasChanged();
        }
    }

    private string? WhyStays(TierView tier) => tier switch
    {
        _ when WhyNot is { } why => why,
        { Id: Tiers.FirstTier } => "New people begin in this tier",
        { People: > 0 } => "Somebody is in this tier",
        _ => null,
    };

    private async Task EditAsync(TierView? tier)
    {
        if (await TierDialog.OpenAsync(Dialogs, tier) is { } name) Toasts.Show($"{PersonWords.Tier(name)} saved");
        await ReadAsync(LoadAsync);
    }

    private Task RemoveAsync(TierView tier) => ReadAsync(async cancel =>
    {
        var outcome = await Desk.TierAsync(actor => Tiers.RemoveAsync(tier, actor, cancel));
        if (outcome == TierOutcome.Done)
            Toasts.Show($"{PersonWords.Tier(tier.Name)} removed", Tone.Ok, "Undo", () => PutBackAsync(tier));
        else
            Toasts.Show($"Not removed: {PersonWords.Tier(tier.Name)} {(outcome == TierOutcome.InUse ? "has people" : "was changed or removed by somebody else")}", Tone.Warn);
        await LoadAsync(cancel);
    });

    private async Task PutBackAsync(TierView tier)
    {
        var outcome = await Desk.TierAsync(actor => Tiers.AddAsync(tier.Name, tier.Rules, actor, CancellationToken.None));
        Toasts.Show(outcome == TierOutcome.Done ? $"{PersonWords.Tier(tier.Name)} is back" : "Not put back: there is a tier of that name", outcome == TierOutcome.Done ? Tone.Ok : Tone.Warn);
    }

    /// <summary>What else holds, in a line.</summary>
    private static string More(TierRules rules)
    {
        string?[] all =
        [
            rules.TokensPerMonth > 0 ? $"{NumberText.Of(rules.TokensPerMonth)} tokens" : null,
            rules.MicrosPerMonth > 0 ? MoneyText.Of(rules.MicrosPerMonth) : null,
            rules.SegmentsPerMonth > 0 ? $"{NumberText.Of(rules.SegmentsPerMonth)} segments" : null,
            rules.Models is { } models ? models.Replace(" ", " or ", StringComparison.Ordinal) : null,
            rules.ContextTurns is { } turns ? $"context {turns}" : null,
        ];
        return string.Join(" · ", all.Where(part => part is not null));
    }

    private static RenderFragment Limit(int limit, int? key) => builder =>
    {
        var shown = key ?? limit;
        builder.AddContent(0, shown == 0 ? "off" : NumberText.Of(shown));
        if (key is null) return;
        builder.OpenElement(1, "span");
        builder.AddAttribute(2, "class", "tag info");
        builder.AddAttribute(3, "style", "margin-left:6px");
        builder.AddAttribute(4, "title", $"The table says {NumberText.Of(limit)}");
        builder.AddContent(5, "Setting");
        builder.CloseElement();
    };
}
