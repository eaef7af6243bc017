using System.Globalization;
using System.Net;
using System.Security.Claims;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Features.Auditing;

/// <summary>The signed-in operator as the one who acts, for the audit trail and the switches.</summary>
public static class OperatorActor
{
    public static Actor Of(ClaimsPrincipal person, IPAddress? address)
    {
        var id = long.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var parsed) ? parsed : (long?)null;
        var role = OperatorRoles.FromMightiest.FirstOrDefault(person.IsInRole) ?? "";
        return new Actor(person.Identity?.Name ?? "", id, role, address, person.FindFirstValue(SessionClaimTypes.Session));
    }
}
