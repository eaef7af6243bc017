using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Features.Auditing;

/// <summary>The audit trail for programs: read and verified.</summary>
public static class AuditApi
{
    private const string Cursor = "audit";
    private const int LongestText = 200;
    private const int Shown = 100;
    private const int MostShown = 500;
    private const int DaysUnlessSaid = 30;

    public static void MapAuditApi(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapApi("/admin/audit");
        audit.MapGet("", ListAsync).Needs(Rights.CanReadAudit, Scopes.Audit)
            .WithSummary("Who did what").WithDescription("The newest first.")
            .Asks("from", "A day or a time with its zone; 30 days back unless said.").Asks("until", "Before this day or time.")
            .Asks("actor", "Who acted, by the exact name.").Asks("action", "The act's word, such as user.block.")
            .Asks("cursor", "nextCursor of the page before, with the same filters.").Asks("limit", "1 to 500; 100 unless said.");
        audit.MapGet("/verify", VerifyAsync).Needs(Rights.CanReadAudit, Scopes.Audit)
            .WithSummary("Walk along the chain").WithDescription("Names the first row that is not what it was. That somebody verified becomes a row itself.");
    }

    private static async Task<Results<Ok<AuditAnswer>, ProblemHttpResult>> ListAsync(HttpContext context, AuditReader reader, TimeProvider clock)
    {
        var fields = ApiFields.OfQuery(context, "from", "until", "actor", "action", "cursor", "limit");
        var filter = new AuditFilter
        {
            From = fields.DayOrMoment("from") ?? clock.GetUtcNow().AddDays(-DaysUnlessSaid),
            Until = fields.DayOrMoment("until"),
            Actor = fields.Text("actor", LongestText),
            Action = fields.Text("action", LongestText),
        };
        var (before, size) = (RowOf(fields), fields.Number("limit", 1, MostShown) ?? Shown);
        if (fields.Problem is { } problem)
            return problem;
        var window = await reader.ReadAsync(filter, before, null, size, context.RequestAborted);
        return TypedResults.Ok(new AuditAnswer(
            [.. window.Lines.Select(line => AuditRow.Of(line, window.People))],
            window.HasOlder && window.Lines is [.., var last] ? ApiCursor.Of(Cursor, last.Id.ToString(CultureInfo.InvariantCulture)) : null));
    }

    private static async Task<Results<Ok<VerdictAnswer>, ProblemHttpResult>> VerifyAsync(HttpContext context, ChainCheck check)
    {
        if (ApiFields.OfQuery(context).Problem is { } problem)
            return problem;
        var verdict = await check.VerifyAsync(OperatorActor.Of(context.User, context.Connection.RemoteIpAddress), context.RequestAborted);
        return TypedResults.Ok(VerdictAnswer.Of(verdict));
    }

    private static long? RowOf(ApiFields fields)
    {
        if (fields.Text("cursor", LongestText) is not { } cursor)
            return null;
        if (ApiCursor.Read(Cursor, cursor) is [var row] && long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        fields.Faults["cursor"] = "This is no cursor of this list. Take nextCursor of a page, or leave it out to begin at the newest.";
        return null;
    }
}

/// <summary>A page of the trail.</summary>
/// <param name="NextCursor">For the older ones; null on the last page.</param>
public sealed record AuditAnswer(IReadOnlyList<AuditRow> Items, string? NextCursor);

/// <summary>A row of the trail as it was written, bound to the one before by its hash.</summary>
/// <param name="Person">The person it was about, if it was about one.</param>
public sealed record AuditRow(
    long Id, DateTimeOffset At, string Actor, long? ActorId, string Role, string Action, string Resource, AuditedPerson? Person, JsonElement Metadata, string? Ip,
    string? Session, string PreviousHash, string Hash)
{
    internal static AuditRow Of(AuditLine line, IReadOnlyDictionary<long, AuditPerson> people) => new(
        line.Id, line.At, line.Actor, line.ActorId, line.Role, line.Action, line.Resource,
        AuditReader.PersonOf(line.Resource) is { } id && people.TryGetValue(id, out var person) ? new(id, person.Alias, person.Tail) : null,
        JsonSerializer.Deserialize<JsonElement>(line.Metadata), line.Address, line.Session, Convert.ToHexStringLower(line.PreviousHash), Convert.ToHexStringLower(line.Hash));
}

/// <summary>A person without her number.</summary>
public sealed record AuditedPerson(long Id, string Alias, string LastDigits);

/// <summary>What a walk along the chain found.</summary>
/// <param name="Break">Null: the chain is whole.</param>
/// <param name="HeadHash">Keep it elsewhere: whoever rewrites the whole chain can't rewrite that.</param>
public sealed record VerdictAnswer(bool Whole, long Rows, BreakAnswer? Break, long HeadRow, string HeadHash, DateTimeOffset At, string By, double TookMs)
{
    internal static VerdictAnswer Of(ChainVerdict verdict) => new(
        verdict.IsWhole, verdict.Rows, verdict.Break is { } found ? new(JsonNamingPolicy.CamelCase.ConvertName(found.Fault.ToString()), found.First, found.Last, found.Words) : null,
        verdict.HeadId, Convert.ToHexStringLower(verdict.HeadHash), verdict.At, verdict.By, verdict.Took.TotalMilliseconds);
}

/// <summary>The first place where the chain breaks.</summary>
public sealed record BreakAnswer(string Fault, long FirstRow, long LastRow, string Words);
