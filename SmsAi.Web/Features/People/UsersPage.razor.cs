using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Everyone who ever wrote: found, narrowed and put in order; the address holds all of it.</summary>
public sealed partial class UsersPage
{
    private UsersQuery _query = new();
    private string? _read;
    private string? _numberFault;
    private readonly Dictionary<long, PersonVersion> _selected = [];
    private bool _isAll;
    private bool _mayOperate;

    [Inject] public required UsersModel Model { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required ChangeToasts Changes { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    private bool ReadsByTime => _query.Order is PeopleOrder.LastText or PeopleOrder.Since;

    private string Before => ReadsByTime && _query.IsDescending ? "Newer" : ReadsByTime ? "Older" : "Back";

    private string After => ReadsByTime && _query.IsDescending ? "Older" : ReadsByTime ? "Newer" : "On";

    private string? Match => _query.HasFilters && Model.Count is { } count ? (count.Count == 1 ? "1 matches" : $"{Capital(PersonWords.Count(count))} match") : null;

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        Watch(ReadAgainAsync);
    }

    protected override async Task OnParametersSetAsync()
    {
        _mayOperate = await Desk.MayAsync(Rights.CanOperate);
        await FollowAsync();
    }

    protected override ValueTask OnLeavingAsync()
    {
        Navigation.LocationChanged -= Moved;
        return ValueTask.CompletedTask;
    }

    private void Moved(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath.TrimEnd('/') == "/users") _ = InvokeAsync(FollowAsync);
    }

    /// <summary>Reads what the address asks for; what was asked for before is no longer wanted.</summary>
    private async Task FollowAsync()
    {
        var uri = Navigation.Uri;
        if (_read == uri) return;
        _read = uri;
        _numberFault = null;
        var query = UsersQuery.Of(uri);
        // Another filter means other people; a page further, or another order, keeps those who are ticked.
        if (query.ToFilter(Clock) != _query.ToFilter(Clock)) SelectNobody();
        await ReadAsync(async cancel =>
        {
            await Model.LoadAsync(query, cancel);
            if (_read != uri) return;
            _query = query;
            StateHasChanged();
            await Model.CountAsync(cancel);
        });
        StateHasChanged();
    }

    /// <summary>What others do to people shows here too.</summary>
    private async Task ReadAgainAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.People], leaving))
        {
            if (Model.Page is null || _read is not { } uri) continue;
            await ReadAsync(cancel => Model.LoadAsync(UsersQuery.Of(uri), cancel));
            StateHasChanged();
        }
    }

    private void Select(UsersTable.Tick tick)
    {
        _isAll = false;
        foreach (var person in tick.People)
        {
            if (tick.IsOn)
                _selected[person.Id] = new PersonVersion(person.Id, person.Version);
            else
                _selected.Remove(person.Id);
        }
    }

    private void SelectNobody()
    {
        _selected.Clear();
        _isAll = false;
    }

    private async Task ActAsync(ChangeKind kind)
    {
        var chosen = _isAll && Model.Count is { } count
            ? new PeopleChosen([], _query.ToFilter(Clock), count.Count)
            : new PeopleChosen([.. _selected.Values], null, _selected.Count);
        var another = _query.Tier is { } tier ? Model.Tiers.FirstOrDefault(other => other != tier) : null;
        if (await ChangeDialog.OpenAsync(Dialogs, kind, chosen, Model.Tiers, another, Model.Tags) is not { } outcome) return;
        SelectNobody();
        Changes.Show(outcome);
        if (outcome.Change.Tag is not null) await ReadAsync(Model.CountAsync);
    }

    private Task FindAsync(PhoneNumber number) => ReadAsync(async cancel =>
    {
        if (!number.IsValid)
            _numberFault = "Type the whole number with its country, as in +49 151 23456789.";
        else if (await Model.FindAsync(number, cancel) is { } person)
            Navigation.NavigateTo($"users/{person.ToString(CultureInfo.InvariantCulture)}");
        else
            _numberFault = "Nobody with this number has written.";
    });

    private string Range(PeoplePage page)
    {
        var shown = NumberText.Of(page.People.Count);
        var rows = page.Before is null ? $"Rows 1 to {shown}" : $"{shown} rows";
        return Model.Count is { } count ? $"{rows} of {PersonWords.Count(count)}" : rows;
    }

    private static string Sentence(PeopleCount count) => count switch
    {
        { Count: 1, IsEstimate: false } => "1 person",
        _ => Capital(PersonWords.Count(count)) + " people",
    };

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
