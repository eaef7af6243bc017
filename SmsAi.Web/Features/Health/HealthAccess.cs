using System.Net;
using SmsAi.Web.Platform.Shell.SecurityHeaders;

namespace SmsAi.Web.Features.Health;

/// <summary>Who may see the details: whoever is signed in, and this machine itself as long as no proxy could be speaking for someone else.</summary>
public sealed class HealthAccess(IConfiguration configuration)
{
    private static readonly string[] SignsOfAProxy =
        ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Host", "X-Original-Proto", "Forwarded", "X-Real-IP", "Via"];

    private readonly bool _hasProxy = configuration.GetSection(TrustedProxies.Key).GetChildren().Any();

    public bool Allows(HttpContext context) =>
        context.User.Identity?.IsAuthenticated == true
        || !_hasProxy && context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
            && !SignsOfAProxy.Any(context.Request.Headers.ContainsKey);
}
