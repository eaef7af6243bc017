using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Npgsql;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Offers to put back a person's tier or blocking, beside the line of the trail that changed it.</summary>
public sealed partial class ChangeBack
{
    private bool _isWorking;

    [CascadingParameter] public required AuditLine Line { get; set; }

    [Inject] public required PersonReader People { get; init; }

    [Inject] public required PeopleList List { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required ChangeToasts Changes { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    private async Task ChangeAsync(Back back)
    {
        if (_isWorking) return;
        _isWorking = true;
        try
        {
            if (await People.ReadAsync(back.Person, CancellationToken.None) is not { Line: var person })
            {
                Toasts.Show("This person was erased: there is nothing to change back", Tone.Warn);
                return;
            }

            var tiers = await List.TiersAsync(CancellationToken.None);
            if (back.Tier is { } tier && !tiers.Contains(tier))
            {
                Toasts.Show($"The tier {tier} is gone: choose another under Users", Tone.Warn);
                return;
            }

            var chosen = new PeopleChosen([new PersonVersion(person.Id, person.Version)], null, 1);
            if (await ChangeDialog.OpenAsync(Dialogs, back.Kind, chosen, tiers, back.Tier) is not { } outcome) return;
            Changes.Show(outcome);
            // The trail has a line more.
            Navigation.NavigateTo(Navigation.Uri);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            Toasts.Show("Not changed back: the database doesn't answer", Tone.Stop);
        }
        finally
        {
            _isWorking = false;
        }
    }

    /// <summary>The change that undoes a line's.</summary>
    private sealed record Back(long Person, ChangeKind Kind, string? Tier)
    {
        /// <summary>Null for a line that changed something else, or several people at once.</summary>
        public static Back? Of(AuditLine line) => (AuditReader.PersonOf(line.Resource), line.Action) switch
        {
            ({ } person, "user.tier") when TierBefore(line.Metadata) is { } tier => new(person, ChangeKind.Tier, tier),
            ({ } person, "user.block") => new(person, ChangeKind.Unblock, null),
            ({ } person, "user.unblock") => new(person, ChangeKind.Block, null),
            _ => null,
        };

        private static string? TierBefore(string metadata)
        {
            using var json = JsonDocument.Parse(metadata);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("before", out var before)
                && before.ValueKind == JsonValueKind.Object && before.TryGetProperty("tier", out var tier) && tier.ValueKind == JsonValueKind.String ? tier.GetString() : null;
        }
    }
}
