using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database.Identity;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Access;

/// <summary>Leaving, and telling that somebody is still there.</summary>
public static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-out", SignOutAsync).AddEndpointFilter<AntiforgeryFilter>().AllowAnonymous();
        routes.MapPost("/session", NoteUse).AddEndpointFilter<AntiforgeryFilter>();
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SignInManager<Operator> signIn, AccessAudit audit)
    {
        if (context.User.Identity is { IsAuthenticated: true, Name: var name })
        {
            var id = long.TryParse(signIn.UserManager.GetUserId(context.User), CultureInfo.InvariantCulture, out var parsed) ? parsed : (long?)null;
            var role = OperatorRoles.FromMightiest.FirstOrDefault(context.User.IsInRole) ?? "";
            await audit.SignedOutAsync(name ?? "", id, role, context.Connection.RemoteIpAddress, SessionClaims.IdOf(context.User), context.RequestAborted);
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
