using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Stop all as a plain form post: it needs no circuit, no script and no answer to a question.</summary>
public static class StopEndpoints
{
    public static void MapStopping(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/stop-all", StopAllAsync).AddEndpointFilter<AntiforgeryFilter>().RequireAuthorization(Rights.CanOperate);

    private static async Task<IResult> StopAllAsync(HttpContext context, StopSwitches switches)
    {
        try
        {
            // Not tied to the request: a browser that goes away at once must not take its stop back.
            var ver = await switches.StopAllAsync(OperatorActor.Of(context.User, context.Connection.RemoteIpAddress), "", CancellationToken.None);
            return WantsJson(context.Request) ? TypedResults.Ok(new { ver }) : new SeeOther("/");
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            return TypedResults.Text(
                "Not stopped by this: the database doesn't answer. Nothing is sent without it. When it is back, stop again.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static bool WantsJson(HttpRequest request) => request.Headers.Accept.ToString().Contains("json", StringComparison.Ordinal);
}
