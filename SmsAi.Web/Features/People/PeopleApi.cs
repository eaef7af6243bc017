using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Features.People;

/// <summary>People for programs: found, looked at, moved to another tier, blocked. Their numbers stay inside.</summary>
public static class PeopleApi
{
    private const string Cursor = "users";
    private const int LongestSearch = 100;
    private const int Shown = 50;
    private const int MostShown = 200;

    public static void MapPeopleApi(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapApi("/admin/users");
        people.MapGet("", ListAsync).Needs(Rights.CanRead, Scopes.Read)
            .WithSummary("Find people").WithDescription("Whoever wrote last comes first.")
            .Asks("search", "The beginning of an alias or of its second word, or two last digits. No numbers: addresses end up in logs.")
            .Asks("tier", "Only people of this tier.").Asks("cursor", "nextCursor of the page before.").Asks("limit", "1 to 200; 50 unless said.");
        people.MapGet("/{id:long}", ReadAsync).Needs(Rights.CanRead, Scopes.Read)
            .WithSummary("One person").WithDescription("The header ETag holds her version, for If-Match.").ProducesProblem(StatusCodes.Status404NotFound);
        people.MapPatch("/{id:long}", ChangeAsync).Needs(Rights.CanOperate, Scopes.Users).OnceByKey().Takes<PersonBody>()
            .WithSummary("Move one person to another tier, block or unblock her").WithDescription("Both at once or neither. What is so already stays.")
            .Heeds("If-Match", "Her version as it was seen; if somebody changed her since, 412 and nothing is done.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    private static async Task<Results<Ok<PeopleAnswer>, ProblemHttpResult>> ListAsync(HttpContext context, PeopleList list)
    {
        var fields = ApiFields.OfQuery(context, "search", "tier", "cursor", "limit");
        var (search, tier, size) = (fields.Text("search", LongestSearch), fields.Text("tier", LongestSearch), fields.Number("limit", 1, MostShown) ?? Shown);
        if (PhoneNumber.MayBeOne(search))
            fields.Faults["search"] = "This looks like a phone number, which has no place in an address. Search by alias or by two last digits.";
        if (tier is not null)
            await DemandTierAsync(fields, list, tier, context.RequestAborted);
        var from = PlaceOf(fields);
        if (fields.Problem is { } problem)
            return problem;
        var page = await list.ReadAsync(new PeopleFilter { Search = search, Tier = tier }, PeopleOrder.LastText, descending: true, from, size, context.RequestAborted);
        return TypedResults.Ok(new PeopleAnswer(
            [.. page.People.Select(PersonAnswer.Of)],
            page.After is { } after ? ApiCursor.Of(Cursor, after.Id.ToString(CultureInfo.InvariantCulture), after.Value) : null));
    }

    private static async Task<Results<Ok<PersonDetails>, ProblemHttpResult>> ReadAsync(long id, HttpContext context, PersonReader reader)
    {
        if (ApiFields.OfQuery(context).Problem is { } problem)
            return problem;
        return await FindAsync(id, context, reader) is { } person ? TypedResults.Ok(person) : Nobody(id);
    }

    private static async Task<Results<Ok<PersonDetails>, ProblemHttpResult>> ChangeAsync(
        long id, HttpContext context, PeopleActs acts, PeopleList list, PersonReader reader)
    {
        var (fields, problem) = await ApiFields.OfBodyAsync(context, "tier", "blocked", "reason");
        var (tier, blocked) = (fields.Text("tier", LongestSearch), fields.Flag("blocked"));
        var reason = fields.Required("reason", AuditReason.Longest, "Say why; it goes into the audit trail.");
        if (tier is not null)
            await DemandTierAsync(fields, list, tier, context.RequestAborted);
        else if (blocked is null && fields.Faults.Count == 0)
            fields.Faults["tier"] = "Give tier, blocked or both: there is nothing to change.";
        var version = VersionOf(context.Request, fields);
        if ((problem ?? fields.Problem) is { } refusal)
            return refusal;

        var actor = OperatorActor.Of(context.User, context.Connection.RemoteIpAddress);
        try
        {
            var changed = await acts.ChangeOneAsync(ChangesOf(tier, blocked), new PersonVersion(id, version), reason, actor, context.RequestAborted);
            if (changed.IsConflict)
                return ApiProblem.Of(StatusCodes.Status412PreconditionFailed, $"{changed.ConflictBy ?? "Somebody"} changed this person since version {version}. Read her again, then decide.");
        }
        catch (TierGoneException)
        {
            return ApiProblem.Of(StatusCodes.Status409Conflict, "That tier was removed meanwhile; nothing was changed.");
        }

        return await FindAsync(id, context, reader) is { } person ? TypedResults.Ok(person) : Nobody(id);
    }

    private static IReadOnlyList<PeopleChange> ChangesOf(string? tier, bool? blocked) =>
    [
        .. tier is null ? Array.Empty<PeopleChange>() : [PeopleChange.MoveTo(tier)],
        .. blocked switch { true => [PeopleChange.Block], false => [PeopleChange.Unblock], null => Array.Empty<PeopleChange>() },
    ];

    private static async Task<PersonDetails?> FindAsync(long id, HttpContext context, PersonReader reader)
    {
        if (await reader.ReadAsync(id, context.RequestAborted) is not { } person)
            return null;
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{person.Line.Version}\"");
        return PersonDetails.Of(person, await reader.LimitsAsync(person, context.RequestAborted));
    }

    private static async Task DemandTierAsync(ApiFields fields, PeopleList list, string tier, CancellationToken cancel)
    {
        var tiers = await list.TiersAsync(cancel);
        if (!tiers.Contains(tier))
            fields.Faults["tier"] = $"There is no such tier. There are {string.Join(", ", tiers)}.";
    }

    private static PeoplePlace? PlaceOf(ApiFields fields)
    {
        if (fields.Text("cursor", LongestSearch * 4) is not { } cursor)
            return null;
        if (ApiCursor.Read(Cursor, cursor) is [var id, var value] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return new PeoplePlace(value, number, IsBefore: false);
        fields.Faults["cursor"] = "This is no cursor of this list. Take nextCursor of a page, or leave it out to begin at the first.";
        return null;
    }

    private static int? VersionOf(HttpRequest request, ApiFields fields)
    {
        if (request.Headers.IfMatch is not { Count: > 0 } header || header.ToString() == "*")
            return null;
        if (int.TryParse(header.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return version;
        fields.Faults["If-Match"] = "The version as ETag gave it, such as \"3\".";
        return null;
    }

    private static ProblemHttpResult Nobody(long id) =>
        ApiProblem.Of(StatusCodes.Status404NotFound, $"There is nobody with the id {id.ToString(CultureInfo.InvariantCulture)}. GET /api/admin/users finds people.");
}

/// <summary>What to change; what is left out stays.</summary>
public sealed record PersonBody(string? Tier, bool? Blocked, string Reason);

/// <summary>A page of people.</summary>
/// <param name="NextCursor">For the next page; null on the last.</param>
public sealed record PeopleAnswer(IReadOnlyList<PersonAnswer> Items, string? NextCursor);

/// <summary>A person without her number: an alias that stays hers, and its last two digits.</summary>
/// <param name="State">active, blocked, optedout, held or muted.</param>
/// <param name="SpendMicroUsd">Model and carrier together, this UTC month.</param>
public sealed record PersonAnswer(
    long Id, int Version, string Alias, string LastDigits, string Tier, bool Blocked, string State, string? Country, DateTimeOffset Since, DateTimeOffset LastActive,
    int TextsThisMonth, long SpendMicroUsd)
{
    internal static PersonAnswer Of(PersonLine person) => new(
        person.Id, person.Version, person.Alias, person.Tail, person.Tier, person.State == "blocked", person.State, person.Country, person.Since, person.LastText,
        person.TextsMonth, person.SpendMicros);
}

/// <summary>Everything that is known about one person without her number, name or texts.</summary>
/// <param name="Consent">Null: she never said STOP or START.</param>
public sealed record PersonDetails(
    long Id, int Version, string Alias, string LastDigits, string Tier, bool Blocked, string State, string? Country, DateTimeOffset Since, DateTimeOffset LastActive,
    int TextsThisMonth, long TextsTotal, long SpendMicroUsd, string TimeZone, DateTimeOffset? MutedUntil, IReadOnlyDictionary<string, string> Preferences,
    IReadOnlyList<string> Tags, string? BillingId, ConsentAnswer? Consent, IReadOnlyList<HoldAnswer> Holds, IReadOnlyList<LimitAnswer> Limits)
{
    internal static PersonDetails Of(PersonProfile person, IReadOnlyList<LimitLine> limits)
    {
        var line = PersonAnswer.Of(person.Line);
        return new(
            line.Id, line.Version, line.Alias, line.LastDigits, line.Tier, person.IsBlocked, line.State, line.Country, line.Since, line.LastActive, line.TextsThisMonth,
            person.TextsTotal, line.SpendMicroUsd, person.TimeZone, person.MutedUntil, person.KeptPreferences.ToDictionary(one => one.Name, one => one.Value), person.Tags,
            person.BillingId, person.Consent is { } consent ? new(consent.State, consent.Source, consent.At) : null,
            [.. person.Holds.Select(hold => new HoldAnswer(hold.Reason, hold.By, hold.At))],
            [.. limits.Select(limit => new LimitAnswer(limit.Span.ToString().ToLowerInvariant(), UnitOf(limit.Unit), limit.Used, limit.Allowed))]);
    }

    private static string UnitOf(LimitUnit unit) => unit == LimitUnit.Micros ? "microUsd" : unit.ToString().ToLowerInvariant();
}

/// <summary>What she said about being texted: in or out, how, when.</summary>
public sealed record ConsentAnswer(string State, string Source, DateTimeOffset At);

/// <summary>Sends to her wait: why, by whom, since when.</summary>
public sealed record HoldAnswer(string Reason, string By, DateTimeOffset At);

/// <summary>A limit for a minute, an hour, a day or a UTC month; used is null while it can't be counted.</summary>
/// <param name="What">answers, tokens, microUsd or segments.</param>
public sealed record LimitAnswer(string Per, string What, long? Used, long Allowed);
