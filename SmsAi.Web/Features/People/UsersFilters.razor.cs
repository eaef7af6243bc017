using System.Globalization;
using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Turns what is typed and chosen into the list's address; a number is handed over instead, since an address is kept and shown.</summary>
public sealed partial class UsersFilters : IDisposable
{
    private const string Yes = "yes";
    private const string DayFormat = "yyyy-MM-dd";
    private const string DollarFormat = "0.##";

    private readonly TypingPause _pause = new();
    private string _typed = "";
    private string? _tagFault;
    private UsersQuery? _seen;

    [Parameter, EditorRequired] public UsersQuery Query { get; set; } = new();

    [Parameter, EditorRequired] public IReadOnlyList<string> Tiers { get; set; } = [];

    [Parameter] public IReadOnlyList<string> Tags { get; set; } = [];

    [Parameter] public EventCallback<PhoneNumber> OnNumber { get; set; }

    [Parameter] public string? NumberFault { get; set; }

    [Parameter] public string? Match { get; set; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private IEnumerable<Chip> Chips
    {
        get
        {
            if (Query.Tier is { } tier) yield return new("Tier", PersonWords.Tier(tier), Query with { Tier = null });
            if (Query.Tag is { } tag) yield return new("Tag", tag, Query with { Tag = null });
            if (Query.IsBlocked is { } blocked) yield return new("Blocked", blocked ? "yes" : "no", Query with { IsBlocked = null });
            if (Query.Since is { } day) yield return new("Active since", ClockText.Of(day), Query with { Since = null });
            if (Query.Country is { } country) yield return new("Country", country, Query with { Country = null });
            if (Query.Spend is { } spend) yield return new("Spend", $"from ${NumberText.Of(spend, "#,##0.##")}", Query with { Spend = null });
            if (Query.Person is not null) yield return new("Number", "found", Query with { Person = null });
        }
    }

    public void Dispose() => _pause.Dispose();

    protected override void OnParametersSet()
    {
        // What is being typed stays; a way back or a cleared filter is followed.
        if (_seen?.Search != Query.Search && Query.Search != Wanted(_typed)) _typed = Query.Search ?? "";
        _seen = Query;
    }

    private static string? Wanted(string typed) => typed.Trim() is { Length: > 0 } text && !PhoneNumber.MayBeOne(text) ? text : null;

    private static string? TextOf(ChangeEventArgs change) => change.Value as string is { Length: > 0 } text ? text.Trim() : null;

    private static DateOnly? DayOf(ChangeEventArgs change) =>
        DateOnly.TryParseExact(TextOf(change), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static decimal? DollarsOf(ChangeEventArgs change) =>
        decimal.TryParse(TextOf(change), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars > 0 ? dollars : null;

    private async Task TypeAsync(ChangeEventArgs change)
    {
        _typed = change.Value as string ?? "";
        if (await _pause.PassesAsync(Time)) Search();
    }

    private async Task SubmitAsync()
    {
        _pause.End();
        if (PhoneNumber.MayBeOne(_typed))
            await OnNumber.InvokeAsync(PhoneNumber.Parse(_typed));
        else
            Search();
    }

    private void Search()
    {
        if (Wanted(_typed) != Query.Search) Navigation.NavigateTo((Query with { Search = Wanted(_typed), Person = null }).Href, replace: true);
    }

    private void ChooseTag(ChangeEventArgs change)
    {
        var tag = TextOf(change) is { } typed ? PersonActs.TidyTag(typed) : null;
        _tagFault = tag is not null && PersonActs.LooksLikeNumber(tag) ? "This looks like a phone number. Find a person by it in the search." : null;
        if (_tagFault is null) Go(Query with { Tag = tag });
    }

    private void Go(UsersQuery query) => Navigation.NavigateTo(query.Href);

    private sealed record Chip(string Name, string Value, UsersQuery Without);
}
