using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Ui;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.People;

/// <summary>Everything about one person that may be shown: who she is to us, what she may, what she asked and what it cost.</summary>
public sealed partial class UserPage
{
    private static readonly TimeSpan AtMostEach = TimeSpan.FromSeconds(2);

    private (long Id, string Tab, long? Older)? _read;
    private UserTab _tab = UserTab.Of(null);
    private bool _mayRead;
    private bool _mayOperate;
    private bool _mayAdminister;

    [Parameter] public long Id { get; set; }

    /// <summary>Only tasks older than this one.</summary>
    [SupplyParameterFromQuery(Name = "older")] public string? Older { get; set; }

    [SupplyParameterFromQuery(Name = "tab")] public string? Tab { get; set; }

    /// <summary>A place in the list of messages.</summary>
    [SupplyParameterFromQuery(Name = "before")] public string? Before { get; set; }

    [SupplyParameterFromQuery(Name = "after")] public string? After { get; set; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required UserModel Model { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required ChangeToasts Changes { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private long? OlderThan => Number(Older);

    private StateWord State => PersonWords.State(Model.Person?.Line.State ?? "");

    private string? WhyNot => _mayOperate ? null : "Your role may look, not change";

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        _tab = UserTab.Of(Tab);
        _mayRead = await Desk.MayAsync(Rights.CanReadBodies);
        _mayOperate = await Desk.MayAsync(Rights.CanOperate);
        _mayAdminister = await Desk.MayAsync(Rights.CanAdminister);
        if (_read == (Id, _tab.Name, OlderThan)) return;
        _read = (Id, _tab.Name, OlderThan);
        await ReadAsync(LoadAsync);
    }

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.People, LiveTopics.Metrics], leaving))
        {
            if (_read is null) continue;
            await ReadAsync(LoadAsync);
            StateHasChanged();
            await Task.Delay(AtMostEach, Time, leaving);
        }
    }

    private Task LoadAsync(CancellationToken cancel) => Model.LoadAsync(Id, _tab, OlderThan, cancel);

    private Task LoadAgainAsync() => ReadAsync(LoadAsync);

    private string Line(PersonProfile person)
    {
        var here = person.Preferences.TimeZone != PersonPreferences.None.TimeZone && TimeZoneInfo.TryFindSystemTimeZoneById(person.Preferences.TimeZone, out var zone)
            ? $" · {person.Preferences.TimeZone}, {ClockText.Of(TimeZoneInfo.ConvertTime(Time.GetUtcNow(), zone), TimeShape.Minute)} there" : "";
        var language = person.Preferences.Language is { } code ? " · " + PersonPreferences.Languages[code] : "";
        return $"First text {Clock.Text(person.Line.Since, TimeShape.Day)} · last text {Clock.Text(person.Line.LastText, TimeShape.DayMinute)}"
            + $" · {NumberText.Of(person.TextsTotal)} in all{language}{here}";
    }

    private async Task ActAsync(ChangeKind kind)
    {
        if (Model.Person is not { Line: var line }) return;
        var chosen = new PeopleChosen([new PersonVersion(line.Id, line.Version)], null, 1);
        var another = Model.Tiers.FirstOrDefault(tier => tier != line.Tier);
        if (await ChangeDialog.OpenAsync(Dialogs, kind, chosen, Model.Tiers, another) is { } outcome) Changes.Show(outcome);
        await ReadAsync(LoadAsync);
    }
}
