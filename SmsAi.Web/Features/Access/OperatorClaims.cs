using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Web.Features.Access;

/// <summary>Puts the operator's own name where pages and the audit trail read it, instead of her e-mail address.</summary>
internal sealed class OperatorClaims(UserManager<Operator> operators, RoleManager<OperatorRole> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<Operator, OperatorRole>(operators, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(Operator user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        if (identity.FindFirst(identity.NameClaimType) is { } email) identity.RemoveClaim(email);
        identity.AddClaim(new Claim(identity.NameClaimType, user.DisplayName));
        return identity;
    }
}
