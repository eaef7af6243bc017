using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Database.Identity;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Access;

/// <summary>Leaving, and telling that somebody is still there.</summary>
public static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", SignOutAsync).AddEndpointFilter<AntiforgeryFilter>().AllowAnonymous();
        routes.MapPost("/session", NoteUse).AddEndpointFilter<AntiforgeryFilter>();
        PasskeyEndpoints.Map(routes);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SignInManager<Operator> signIn, OperatorSessions sessions, AccessAudit audit)
    {
        if (context.User.Identity?.IsAuthenticated == true)
        {
            await audit.SignedOutAsync(OperatorActor.Of(context.User, context.Connection.RemoteIpAddress), context.RequestAborted);
            if (SessionClaims.IdOf(context.User) is { } session) await sessions.EndAsync(session, context.RequestAborted);
        }

        await signIn.SignOutAsync();
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
        return new SeeOther("/sign-in");
    }

    /// <summary>The answer renews the cookie when half its time is over; the note keeps the circuit.</summary>
    private static Ok NoteUse(HttpContext context, SessionUse use)
    {
        if (SessionClaims.IdOf(context.User) is { } session) use.Note(session);
        return TypedResults.Ok();
    }
}
