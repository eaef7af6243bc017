using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>Puts the browser's rules on every answer, whatever its status and whoever gives it.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next, IOptions<PublicAddress> address)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(static state =>
        {
            var (self, current) = ((SecurityHeadersMiddleware, HttpContext))state;
            self.Write(current);
            return Task.CompletedTask;
        }, (this, context));

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
        // Answers are for whoever asked, and true for a moment; only files of the build say how long they may be kept.
        if (!IsFile(context)) headers.CacheControl = "no-store";
    }

    private static bool IsFile(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null && context.Response.StatusCode < StatusCodes.Status400BadRequest;
}
