using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>What the address of the page Access says: whom it looks for, and where in the list.</summary>
public sealed record AccessQuery
{
    /// <summary>Who was asked in and has not come yet.</summary>
    public const string Invited = "invited";

    public static IReadOnlyList<KeyValuePair<string, string>> States { get; } =
    [
        new(AccountFilter.Active, "May sign in"), new(Invited, "Invited"), new(AccountFilter.Locked, "Locked"), new(AccountFilter.NoFactor, "No second factor"),
    ];

    public static IReadOnlyList<KeyValuePair<string, string>> Roles { get; } = [.. OperatorRoles.FromMightiest.Select(role => KeyValuePair.Create(role, role))];

    public string? Search { get; init; }

    public string? Role { get; init; }

    public string? State { get; init; }

    public AccountPlace? Place { get; init; }

    public bool HasFilters => (Search, Role, State) != (null, null, null);

    /// <summary>Invitations have no factor and no lock: they show where nothing of that kind is asked for.</summary>
    public bool ShowsInvitations => State is null or Invited;

    public bool ShowsAccounts => State != Invited;

    /// <summary>Other filters begin at the first page.</summary>
    public string Href => AddressOf(null);

    /// <summary>What can't be understood is left out: an address may be mistyped.</summary>
    public static AccessQuery Of(string uri)
    {
        var read = QueryHelpers.ParseQuery(new Uri(uri).Query);
        return new()
        {
            Search = Wanted(Text("q")),
            Role = OperatorRoles.FromMightiest.FirstOrDefault(role => role == Text("role")),
            State = States.Select(state => state.Key).FirstOrDefault(state => state == Text("state")),
            Place = PlaceOf(Text("before"), isBefore: true) ?? PlaceOf(Text("after"), isBefore: false),
        };

        string? Text(string name) => read.TryGetValue(name, out var value) && ListAddress.Given(value)?.Trim() is { Length: <= 100 } text ? text : null;
    }

    /// <summary>No number goes into an address, which is kept and shown.</summary>
    public static string? Wanted(string? typed) => typed?.Trim() is { Length: > 0 } text && !PhoneNumber.MayBeOne(text) ? text : null;

    public string HrefAt(AccountPlace place) => AddressOf(place);

    public AccountFilter ToFilter() => new(Search, Role, State);

    public bool Fits(InvitationLine invitation) => (Role is null || invitation.Role == Role)
        && (Search is not { } search || invitation.Label.Contains(search, StringComparison.CurrentCultureIgnoreCase));

    private string AddressOf(AccountPlace? place) => QueryHelpers.AddQueryString("access", new Dictionary<string, string?>
    {
        ["q"] = Search,
        ["role"] = Role,
        ["state"] = State,
        [place?.IsBefore == true ? "before" : "after"] = place?.Id.ToString(CultureInfo.InvariantCulture),
    }.Where(pair => pair.Value is not null).ToDictionary());

    private static AccountPlace? PlaceOf(string? text, bool isBefore) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? new AccountPlace(id, isBefore) : null;
}
