using Microsoft.AspNetCore.Authorization;

namespace SmsAi.Web.Features.Access;

/// <summary>Part of every right: the session was not ended meanwhile, and has the second factor its role asks for.</summary>
internal sealed record OpenSession(bool MayLackFactor) : IAuthorizationRequirement;

/// <summary>Looks at the session's standing without asking the database, so that a button never blinks; the watch asks each second.</summary>
internal sealed class OpenSessionHandler(SessionWatch watch) : AuthorizationHandler<OpenSession>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OpenSession requirement)
    {
        var standing = watch.StandingOf(context.User);
        if (standing == SessionStanding.Open || (standing == SessionStanding.MustEnrol && requirement.MayLackFactor)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
