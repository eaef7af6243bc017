using Microsoft.Extensions.Options;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>Puts the browser's rules on every answer, whatever its status, and refuses sockets opened by other sites.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next, IOptions<PublicAddress> address)
{
    private const string HubPath = "/_blazor";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var (self, current) = ((SecurityHeadersMiddleware, HttpContext))state;
            self.Write(current);
            return Task.CompletedTask;
        }, (this, context));

        if (context.Request.Path.StartsWithSegments(HubPath, StringComparison.OrdinalIgnoreCase) && !IsOwnOrigin(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy.For(context);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()";
        if (address.Value.IsHttps) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true)
            headers.CacheControl = "no-store";
    }

    /// <summary>Browsers name the page a socket or post comes from; who names none is no browser and brings no cookies of one.</summary>
    private bool IsOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && (string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase) || address.Value.IsSameOrigin(from));
    }
}
