using Microsoft.AspNetCore.Components;
using Npgsql;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Adds a tier or changes what one allows.</summary>
public sealed partial class TierDialog
{
    private string _name = "";
    private int _perMinute;
    private int _perDay;
    private int _priority;
    private string? _nameFault;
    private string? _fault;
    private bool _isWorking;

    /// <summary>The tier as it was seen; null for a new one.</summary>
    [Parameter] public TierView? Seen { get; set; }

    [Inject] public required Tiers All { get; init; }

    [Inject] public required AuditReader Trail { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    /// <summary>The name of what was saved, or null.</summary>
    public static async Task<string?> OpenAsync(DialogService dialogs, TierView? tier) => await dialogs.OpenAsync<TierDialog>(
        tier is null ? "Add a tier" : $"What {PersonWords.Tier(tier.Name)} allows", new Dictionary<string, object?> { [nameof(Seen)] = tier }, DialogShape.Small) as string;

    protected override void OnInitialized() =>
        (_perMinute, _perDay, _priority) = Seen is { Rules: var rules } ? (rules.PerMinute, rules.PerDay, rules.Priority) : (10, 50, 0);

    private async Task SaveAsync()
    {
        var name = _name.Trim();
        _fault = Fault();
        _nameFault = Seen is null ? Tiers.FaultOfName(name) : null;
        if (_isWorking || (_fault ?? _nameFault) is not null) return;
        _isWorking = true;
        try
        {
            var rules = new TierRules(_perMinute, _perDay, (short)_priority);
            var outcome = await Desk.TierAsync(actor => Seen is { } seen
                ? All.ChangeAsync(seen, rules, actor, CancellationToken.None)
                : All.AddAsync(name, rules, actor, CancellationToken.None));
            _nameFault = outcome == TierOutcome.NameTaken ? "There is a tier of that name." : null;
            _fault = outcome == TierOutcome.Conflict ? $"{await WhoAsync() ?? "Somebody"} changed this tier while you edited. Close this, look, then decide." : null;
            if (outcome == TierOutcome.Done) Dialogs.Close(Seen?.Name ?? name);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            _fault = "Not saved: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not saved: only an admin may change tiers.";
        }
        finally
        {
            _isWorking = false;
        }
    }

    private Task<string?> WhoAsync() => Trail.LastActorAsync($"tier:{Seen!.Name}", "tier.change", CancellationToken.None);

    private string? Fault() => (_perMinute, _perDay, _priority) switch
    {
        ( < 0 or > Tiers.MostPerMinute, _, _) => "Answers a minute: 0 to 10,000.",
        (_, < 0 or > Tiers.MostPerDay, _) => "Answers a day: 0 to 1,000,000.",
        (_, _, < 0 or > Tiers.HighestPriority) => "Priority: 0 to 9.",
        _ => null,
    };
}
