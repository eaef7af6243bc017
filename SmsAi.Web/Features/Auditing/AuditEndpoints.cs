using System.Globalization;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Shell.SecurityHeaders;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Auditing;

/// <summary>The trail as a file, sent while it is read.</summary>
public static class AuditEndpoints
{
    public static void MapAuditing(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/audit/export.{format:regex(^(csv|json)$)}", ExportAsync).RequireAuthorization(Rights.CanReadAudit);

    private static async Task<IResult> ExportAsync(
        string format, DateTimeOffset? from, DateTimeOffset? until, string? who, string? act, string? q, HttpContext context, AuditExport export, TimeProvider time,
        CancellationToken cancel)
    {
        // It leaves lines in the trail, which a link from elsewhere must not.
        if (FetchSite.IsElsewhere(context.Request)) return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        var filter = new AuditFilter { From = from ?? time.GetUtcNow().AddDays(-30), Until = until, Actor = Given(who), Action = Given(act), Search = Given(q) };
        var actor = OperatorActor.Of(context.User, context.Connection.RemoteIpAddress);
        try
        {
            await export.NoteAsync(filter, format, actor, cancel);
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            return TypedResults.Text("Nothing was exported: the database doesn't answer.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"audit-{time.GetUtcNow():yyyyMMdd-HHmmss}.{format}");
        return TypedResults.Stream(
            file => export.WriteAsync(filter, format, file, actor, cancel), format == "csv" ? "text/csv; charset=utf-8" : "application/json", name);
    }
}
