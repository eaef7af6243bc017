using System.Globalization;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Web.Platform.Shell.Finding;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Finds people for the palette: by alias, last two digits, tag, or the whole number, which is hashed and forgotten.</summary>
public sealed class PeoplePalette(PeopleList list, BrowserClock clock) : IPaletteSource
{
    private const int Most = 5;
    private const int FewestLetters = 2;

    public char Sign => '@';

    public async Task<PaletteFound> FindAsync(string typed, bool isAskedAlone, CancellationToken cancel)
    {
        if (PhoneNumber.MayBeOne(typed)) return await NumberAsync(typed, cancel);
        if (typed.Length < FewestLetters && !isAskedAlone) return PaletteFound.Nothing;
        var people = await ReadAsync(new() { Search = typed }, Most, cancel);
        if (people.Count < Most)
        {
            var tagged = await list.TaggedAsync(typed.ToLowerInvariant(), Most - people.Count, cancel);
            people = [.. people.UnionBy(tagged, person => person.Id)];
        }

        return Of(people, null);
    }

    private async Task<PaletteFound> NumberAsync(string typed, CancellationToken cancel)
    {
        var number = PhoneNumber.Parse(typed);
        if (!number.IsValid) return Of([], "Type the whole number with its country, as in +49 151 23456789.");
        return await list.FindAsync(number, cancel) is { } id ? Of(await ReadAsync(new() { Id = id }, 1, cancel), null) : Of([], "Nobody with this number has written.");
    }

    private async Task<IReadOnlyList<PersonLine>> ReadAsync(PeopleFilter filter, int most, CancellationToken cancel) =>
        (await list.ReadAsync(filter, PeopleOrder.LastText, descending: true, null, most, cancel)).People;

    private PaletteFound Of(IReadOnlyList<PersonLine> people, string? hint) => new(
        [.. people.Select(Line)], people is [var first, ..] ? new(first.Id, first.Alias) : null, hint);

    private PaletteItem Line(PersonLine person) => new()
    {
        Group = "People",
        Title = person.Alias,
        Digits = person.Tail,
        Detail = $"{PersonWords.Tier(person.Tier)}, {PersonWords.State(person.State).Word.ToLowerInvariant()}, last text {LastText(person.LastText)}",
        Icon = IconName.Users,
        Href = string.Create(CultureInfo.InvariantCulture, $"users/{person.Id}"),
    };

    private string LastText(DateTimeOffset at) => clock.Text(at, clock.ToLocal(at).Date == clock.Now.Date ? TimeShape.Minute : TimeShape.Day);
}
