using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Asks for a right where the act is done; a button that shows is no right.</summary>
internal static class AuditRights
{
    public static void Demand(Actor actor, string right)
    {
        if (actor != Actor.Service && !Rights.Roles[right].Contains(actor.Role))
            throw new UnauthorizedAccessException($"The role lacks {right}.");
    }
}
