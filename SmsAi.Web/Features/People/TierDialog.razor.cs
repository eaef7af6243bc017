using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Adds a tier or changes what one allows.</summary>
public sealed partial class TierDialog
{
    private string _name = "";
    private int _perMinute;
    private int _perDay;
    private int _perMonth;
    private long _tokens;
    private decimal _dollars;
    private int _segments;
    private string _models = "";
    private string? _modelsFault;
    private int? _context;
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

    private string KeyHint => (Seen?.KeyPerMinute, Seen?.KeyPerDay) switch
    {
        ({ } minute, { } day) => $"The configured keys say {minute} a minute and {day} a day, and win.",
        ({ } minute, null) => $"The configured key says {minute} a minute and wins.",
        (null, { } day) => $"The configured key says {day} a day and wins.",
        _ => "0 switches a limit off. Days and months are UTC.",
    };

    protected override void OnInitialized()
    {
        var rules = Seen?.Rules ?? new TierRules(10, 50, 0);
        (_perMinute, _perDay, _perMonth, _priority) = (rules.PerMinute, rules.PerDay, rules.PerMonth, rules.Priority);
        (_tokens, _dollars, _segments) = (rules.TokensPerMonth, rules.DollarsPerMonth, rules.SegmentsPerMonth);
        (_models, _context) = (rules.Models?.Replace(" ", ", ", StringComparison.Ordinal) ?? "", rules.ContextTurns);
    }

    private async Task SaveAsync()
    {
        var name = _name.Trim();
        _fault = Fault();
        _nameFault = Seen is null ? Tiers.FaultOfName(name) : null;
        var models = Tiers.TidyModels(_models);
        _modelsFault = Tiers.FaultOfModels(models);
        if (_isWorking || (_fault ?? _nameFault ?? _modelsFault) is not null) return;
        _isWorking = true;
        try
        {
            var rules = new TierRules(_perMinute, _perDay, (short)_priority)
            {
                PerMonth = _perMonth,
                TokensPerMonth = _tokens,
                MicrosPerMonth = (long)(_dollars * TierRules.MicrosPerDollar),
                SegmentsPerMonth = _segments,
                Models = models,
                ContextTurns = (short?)_context,
            };
            var outcome = await Desk.TierAsync(actor => Seen is { } seen
                ? All.ChangeAsync(seen, rules, actor, CancellationToken.None)
                : All.AddAsync(name, rules, actor, CancellationToken.None));
            _nameFault = outcome == TierOutcome.NameTaken ? "There is a tier of that name." : null;
            _fault = outcome == TierOutcome.Conflict ? $"{await WhoAsync() ?? "Somebody"} changed this tier while you edited. Close this, look, then decide." : null;
            if (outcome == TierOutcome.Done) Dialogs.Close(Seen?.Name ?? name);
        }
        catch (Exception fault) when (fault.IsOutage())
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

    private string? Fault() =>
        _perMinute is < 0 or > Tiers.MostPerMinute ? $"Answers a minute: 0 to {NumberText.Of(Tiers.MostPerMinute)}."
        : _perDay is < 0 or > Tiers.MostPerDay ? $"Answers a day: 0 to {NumberText.Of(Tiers.MostPerDay)}."
        : _perMonth is < 0 or > Tiers.MostPerMonth ? $"Answers a month: 0 to {NumberText.Of(Tiers.MostPerMonth)}."
        : _tokens is < 0 or > Tiers.MostTokens ? $"Tokens: 0 to {NumberText.Of(Tiers.MostTokens)}."
        : _dollars is < 0 or > Tiers.MostDollars ? $"Dollars: 0 to {NumberText.Of(Tiers.MostDollars)}."
        : _segments is < 0 or > Tiers.MostPerMonth ? $"Segments: 0 to {NumberText.Of(Tiers.MostPerMonth)}."
        : _context is < 0 or > Tiers.MostTurns ? $"Context: 0 to {Tiers.MostTurns}, or empty."
        : _priority is < 0 or > Tiers.HighestPriority ? $"Priority: 0 to {Tiers.HighestPriority}."
        : null;
}
