using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>What the address of the list of people says: filters, order, place, columns left out.</summary>
public sealed record UsersQuery
{
    public string? Search { get; init; }

    public string? Tier { get; init; }

    public bool? IsBlocked { get; init; }

    /// <summary>A day in the operator's zone.</summary>
    public DateOnly? Since { get; init; }

    public string? Country { get; init; }

    /// <summary>Dollars this month, at least.</summary>
    public decimal? Spend { get; init; }

    public string? Tag { get; init; }

    public long? Person { get; init; }

    public PeopleOrder Order { get; init; } = PeopleOrder.LastText;

    public bool IsDescending { get; init; } = true;

    public PeoplePlace? Place { get; init; }

    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Another filter or order begins at its first page.</summary>
    public string Href => AddressOf(null);

    public bool HasFilters => (Search, Tier, Country, Tag) != (null, null, null, null) || IsBlocked is not null || Since is not null || Spend is not null || Person is not null;

    public string HrefAt(PeoplePlace? place) => AddressOf(place);

    /// <summary>Sorted by this column; a second press turns it round.</summary>
    public UsersQuery By(PeopleOrder order) => this with
    {
        Order = order,
        IsDescending = Order == order ? !IsDescending : order != PeopleOrder.Alias,
    };

    public PeopleFilter ToFilter(BrowserClock clock) => new()
    {
        Search = Search,
        Tier = Tier,
        IsBlocked = IsBlocked,
        ActiveSince = Since is { } day ? clock.FromLocal(day.ToDateTime(TimeOnly.MinValue)) ?? clock.FromLocal(day.ToDateTime(new TimeOnly(1, 0))) : null,
        Country = Country,
        SpendMicros = (long?)(Spend * 1_000_000),
        Tag = Tag,
        Id = Person,
    };

    /// <summary>What can't be understood is left out: an address may be mistyped.</summary>
    public static UsersQuery Of(string uri)
    {
        var read = QueryHelpers.ParseQuery(new Uri(uri).Query);
        var sort = Text("sort") ?? "-last";
        return new()
        {
            Search = Text("q") is { } search && !PhoneNumber.MayBeOne(search) ? search : null,
            Tier = Text("tier"),
            IsBlocked = Text("blocked") switch { "yes" => true, "no" => false, _ => null },
            Since = DateOnly.TryParseExact(Text("since"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
            Country = Text("country")?.ToUpperInvariant(),
            Spend = decimal.TryParse(Text("spend"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var spend) && spend is > 0 and < 1_000_000_000 ? spend : null,
            Tag = Text("tag") is { } tag && !PersonActs.LooksLikeNumber(tag) ? tag : null,
            Person = long.TryParse(Text("person"), NumberStyles.None, CultureInfo.InvariantCulture, out var person) ? person : null,
            Order = OrderOf(sort.TrimStart('-')),
            IsDescending = sort.StartsWith('-'),
            Place = PlaceOf(Text("newer"), isBefore: true) ?? PlaceOf(Text("older"), isBefore: false),
            Without = Text("without")?.Split('.') ?? [],
        };

        string? Text(string name) => read.TryGetValue(name, out var value) && ListAddress.Given(value)?.Trim() is { Length: <= 100 } text ? text : null;
    }

    private string AddressOf(PeoplePlace? place)
    {
        var sort = (IsDescending ? "-" : "") + NameOf(Order);
        var at = place is null ? null : string.Create(CultureInfo.InvariantCulture, $"{place.Id}.{place.Value}");
        return QueryHelpers.AddQueryString("users", new Dictionary<string, string?>
        {
            ["q"] = Search,
            ["tier"] = Tier,
            ["blocked"] = IsBlocked switch { true => "yes", false => "no", null => null },
            ["since"] = Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["country"] = Country,
            ["spend"] = Spend?.ToString("0.##", CultureInfo.InvariantCulture),
            ["tag"] = Tag,
            ["person"] = Person?.ToString(CultureInfo.InvariantCulture),
            ["sort"] = sort == "-last" ? null : sort,
            [place?.IsBefore == true ? "newer" : "older"] = at,
            ["without"] = Without.Count == 0 ? null : string.Join('.', Without),
        }.Where(pair => pair.Value is not null).ToDictionary());
    }

    private static PeoplePlace? PlaceOf(string? text, bool isBefore) =>
        text?.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new PeoplePlace(text[(dot + 1)..], id, isBefore) : null;

    private static string NameOf(PeopleOrder order) => order switch
    {
        PeopleOrder.Alias => "alias",
        PeopleOrder.Since => "since",
        PeopleOrder.Spend => "spend",
        _ => "last",
    };

    private static PeopleOrder OrderOf(string name) => name switch
    {
        "alias" => PeopleOrder.Alias,
        "since" => PeopleOrder.Since,
        "spend" => PeopleOrder.Spend,
        _ => PeopleOrder.LastText,
    };
}
