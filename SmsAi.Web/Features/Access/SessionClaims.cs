using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>What a session says about itself in its cookie: when it began, and an id that means nothing elsewhere.</summary>
internal static class SessionClaims
{
    internal static Claim[] New(DateTimeOffset now) =>
    [
        new(SessionClaimTypes.SignedInAt, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        new(SessionClaimTypes.Session, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))),
    ];

    internal static DateTimeOffset? BeganAt(ClaimsPrincipal person) =>
        long.TryParse(person.FindFirstValue(SessionClaimTypes.SignedInAt), CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    internal static string? IdOf(ClaimsPrincipal person) => person.FindFirstValue(SessionClaimTypes.Session);

    /// <summary>A renewed cookie is made from the account anew; the session's own claims move along.</summary>
    internal static void Carry(ClaimsPrincipal from, ClaimsPrincipal to)
    {
        if (to.Identity is not ClaimsIdentity identity) return;
        identity.AddClaims(from.Claims.Where(claim => claim.Type is SessionClaimTypes.SignedInAt or SessionClaimTypes.Session && !identity.HasClaim(c => c.Type == claim.Type)));
    }
}
