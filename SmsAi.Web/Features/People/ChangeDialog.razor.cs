using System.Globalization;
using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Previews a change of people's tier, blocking or tags, asks why, and makes it.</summary>
public sealed partial class ChangeDialog : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private readonly TypingPause _pause = new();
    private IReadOnlyList<PreviewLine>? _lines;
    private string _tier = "";
    private string _typedTag = "";
    private string? _tag;
    private string? _tagFault;
    private string _reason = "";
    private string? _reasonFault;
    private string? _fault;
    private bool _isWorking;
    private long _done;

    [Parameter, EditorRequired] public ChangeKind Kind { get; set; }

    [Parameter, EditorRequired] public PeopleChosen Chosen { get; set; } = new([], null, 0);

    [Parameter] public IReadOnlyList<string> Tiers { get; set; } = [];

    /// <summary>The tier that is offered first.</summary>
    [Parameter] public string? Tier { get; set; }

    /// <summary>The tags that are offered.</summary>
    [Parameter] public IReadOnlyList<string>? Tags { get; set; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private PeopleChange Change => Kind switch
    {
        ChangeKind.Block => PeopleChange.Block,
        ChangeKind.Unblock => PeopleChange.Unblock,
        ChangeKind.Tag => PeopleChange.PutTag(_tag ?? ""),
        ChangeKind.Untag => PeopleChange.TakeTag(_tag ?? ""),
        _ => PeopleChange.MoveTo(_tier),
    };

    private bool IsTagging => Kind is ChangeKind.Tag or ChangeKind.Untag;

    private long Changing => _lines?.Where(line => line.Changes).Sum(line => line.People) ?? 0;

    private string Percent => (Chosen.Count == 0 ? 0 : Math.Min(100, _done * 100.0 / Chosen.Count)).ToString("0.#", CultureInfo.InvariantCulture);

    private string Verb => (Kind, _isWorking) switch
    {
        (ChangeKind.Tier, true) => "Moving…",
        (ChangeKind.Tier, _) => $"Move {People(Changing)}",
        (ChangeKind.Block, true) => "Blocking…",
        (ChangeKind.Block, _) => $"Block {People(Changing)}",
        (ChangeKind.Tag, true) => "Tagging…",
        (ChangeKind.Tag, _) => $"Tag {People(Changing)}",
        (ChangeKind.Untag, true) => "Untagging…",
        (ChangeKind.Untag, _) => $"Untag {People(Changing)}",
        (_, true) => "Unblocking…",
        _ => $"Unblock {People(Changing)}",
    };

    /// <summary>What was done, or null.</summary>
    public static async Task<ChangeOutcome?> OpenAsync(DialogService dialogs, ChangeKind kind, PeopleChosen chosen, IReadOnlyList<string> tiers, string? tier = null, IReadOnlyList<string>? tags = null) =>
        await dialogs.OpenAsync<ChangeDialog>(
            Question(kind, chosen.All is null ? People(chosen.Count) : "all that match"),
            new Dictionary<string, object?> { [nameof(Kind)] = kind, [nameof(Chosen)] = chosen, [nameof(Tiers)] = tiers, [nameof(Tier)] = tier, [nameof(Tags)] = tags },
            DialogShape.Small) as ChangeOutcome;

    public static string People(long count) => count == 1 ? "1 person" : $"{NumberText.Of(count)} people";

    private static string Question(ChangeKind kind, string whom) => kind switch
    {
        ChangeKind.Tier => $"Move {whom} to another tier?",
        ChangeKind.Block => $"Block {whom}?",
        ChangeKind.Tag => $"Put a tag on {whom}?",
        ChangeKind.Untag => $"Take a tag off {whom}?",
        _ => $"Unblock {whom}?",
    };

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
        _pause.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _tier = Tier ?? (Tiers.Count > 1 ? Tiers[1] : "");
        if (!IsTagging) await PreviewAsync();
    }

    private Task ChooseAsync(ChangeEventArgs change)
    {
        _tier = change.Value as string ?? _tier;
        return PreviewAsync();
    }

    private async Task TypeTagAsync(ChangeEventArgs change)
    {
        _typedTag = change.Value as string ?? "";
        var typed = PersonActs.TidyTag(_typedTag);
        (_tag, _tagFault, _lines) = (null, null, null);
        if (!await _pause.PassesAsync(Time) || typed.Length == 0) return;
        _tagFault = Kind == ChangeKind.Tag ? PersonActs.FaultOfTag(typed) : null;
        if (_tagFault is not null) return;
        _tag = typed;
        await PreviewAsync();
    }

    private Task PreviewAsync() => TryAsync(async () =>
    {
        var change = Change;
        var lines = await Desk.PreviewAsync(change, Chosen, _leaving.Token);
        // Of two tiers chosen one after the other the first may be counted last.
        if (change == Change) _lines = lines;
    });

    private async Task SaveAsync()
    {
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : null;
        if (_reasonFault is not null || _isWorking || (IsTagging && _tag is null)) return;
        _isWorking = true;
        await TryAsync(async () =>
        {
            var outcome = Chosen.All is { } filter
                ? new ChangeOutcome(Change, PeopleChanged.Nobody, await Desk.ChangeAllAsync(Change, filter, _reason.Trim(), Counting(), _leaving.Token))
                : new ChangeOutcome(Change, await Desk.ChangeAsync(Change, Chosen.People, _reason.Trim(), _leaving.Token), null);
            Dialogs.Close(outcome);
        });
        _isWorking = false;
    }

    private async Task CancelAsync()
    {
        if (_isWorking && Chosen.All is not null)
            await _leaving.CancelAsync();
        else if (!_isWorking)
            Dialogs.Close();
    }

    private async Task TryAsync(Func<Task> act)
    {
        _fault = null;
        try
        {
            await act();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing more is changed: the database doesn't answer.";
        }
        catch (TierGoneException)
        {
            _fault = "Nothing more is changed: somebody removed that tier. Choose another.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Nothing is changed: your role may not do this.";
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The dialog was left.
        }
    }

    private Progress<long> Counting() => new(done =>
    {
        _done = done;
        StateHasChanged();
    });
}

/// <summary>The acts on people that ask for a preview.</summary>
public enum ChangeKind
{
    Tier,
    Block,
    Unblock,
    Tag,
    Untag,
}

/// <summary>What a dialog did: to people who were ticked, or to all that match.</summary>
public sealed record ChangeOutcome(PeopleChange Change, PeopleChanged People, ChangedAll? Matching);
