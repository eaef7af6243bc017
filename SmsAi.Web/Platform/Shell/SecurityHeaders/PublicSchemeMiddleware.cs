using Microsoft.AspNetCore.HttpOverrides;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>
/// For a public address with https: whatever reaches us came by TLS up to the proxy in front, and cookies bound to the host depend on it.
/// Programs whose texts and keys a known proxy says came without are refused, so that they are not sent so again.
/// </summary>
internal sealed class PublicSchemeMiddleware(RequestDelegate next)
{
    private static readonly string[] ForPrograms = ["/sms", ApiDoor.Path];

    public Task InvokeAsync(HttpContext context)
    {
        var isSaidPlain = context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalProtoHeaderName) && !context.Request.IsHttps;
        context.Request.Scheme = Uri.UriSchemeHttps;
        return isSaidPlain && ForPrograms.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            ? ApiProblem.Of(StatusCodes.Status403Forbidden, "This came by plain http, where others can read it. Call it by https.").ExecuteAsync(context)
            : next(context);
    }
}
