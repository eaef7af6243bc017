using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace SmsAi.Web.Platform.Api;

/// <summary>
/// Where programs come in. Whatever is mapped here asks for a key or a token of one; a browser's session may only look, since its cookie
/// comes along with whatever another site makes it send.
/// </summary>
internal static class ApiDoor
{
    /// <summary>The authentication scheme of keys and tokens.</summary>
    public const string Scheme = "api";

    /// <summary>What a key may be used for, a claim each.</summary>
    public const string ScopeClaim = "smsai:scope";

    /// <summary>The prefix of the key that called.</summary>
    public const string KeyClaim = "smsai:key";

    public const string Path = "/api";

    /// <summary>No body here needs more.</summary>
    public const int MostBytes = 16 * 1024;

    public static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>A group of the API under this path; each endpoint says by <see cref="Needs"/> what it asks for.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes, string path) => routes.MapGroup(Path + path)
        .RequireAuthorization(new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().Build())
        .WithMetadata(new RequestSizeLimitAttribute(MostBytes));

    /// <summary>The right the role must give and the scope the key must have.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, string right, string scope) => endpoint
        .RequireAuthorization(right)
        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(Scheme).RequireAssertion(asked => HasScope(asked.User, scope)))
        .WithMetadata(new ApiNeed(right, scope));

    /// <summary>No limit of requests stands before it: whoever must stop the service can.</summary>
    public static RouteHandlerBuilder NeverLimited(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new ApiUnlimited());

    private static bool HasScope(ClaimsPrincipal caller, string scope) => !caller.HasClaim(claim => claim.Type == KeyClaim) || caller.HasClaim(ScopeClaim, scope);
}

/// <summary>What an endpoint asks for, to be said to whoever lacks it.</summary>
internal sealed record ApiNeed(string Right, string Scope);

/// <summary>Marks an endpoint whose callers are counted and never refused for asking too often.</summary>
internal sealed record ApiUnlimited;
