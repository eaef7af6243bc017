using System.Security.Cryptography;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>What a page may load and run: our own files, and inline only what carries this request's nonce.</summary>
internal static class ContentSecurityPolicy
{
    private const string NonceKey = "csp-nonce";

    /// <summary>The nonce of this request, made on first use.</summary>
    internal static string NonceOf(HttpContext context)
    {
        if (context.Items[NonceKey] is string nonce) return nonce;
        var made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        context.Items[NonceKey] = made;
        return made;
    }

    /// <summary>
    /// Style attributes are allowed, since grid, virtual lists and charts set them; style elements are not without the nonce.
    /// <c>base-uri</c> must be 'self' because Blazor needs its base element.
    /// </summary>
    internal static string For(HttpContext context)
    {
        var nonce = NonceOf(context);
        return string.Join("; ",
            "default-src 'self'",
            $"script-src 'self' 'nonce-{nonce}'",
            $"style-src-elem 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'");
    }
}
