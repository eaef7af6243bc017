using System.Security.Cryptography;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>What a page may load and run: our own files, and inline only what carries this request's nonce.</summary>
internal static class ContentSecurityPolicy
{
    private static readonly string WithoutNonce = Policy("");

    /// <summary>The nonce of this request, made on first use.</summary>
    internal static string NonceOf(HttpContext context)
    {
        if (context.Features.Get<Nonce>() is { } nonce) return nonce.Value;
        var made = new Nonce(Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)));
        context.Features.Set(made);
        return made.Value;
    }

    /// <summary>An answer whose maker asked for no nonce has nothing inline, such as all that programs get.</summary>
    internal static string For(HttpContext context) => context.Features.Get<Nonce>() is { } nonce ? Policy($" 'nonce-{nonce.Value}'") : WithoutNonce;

    /// <summary>
    /// Style attributes are allowed, since grid, virtual lists and charts set them; style elements are not without the nonce.
    /// <c>base-uri</c> must be 'self' because Blazor needs its base element.
    /// </summary>
    private static string Policy(string nonce) =>
        $"default-src 'self'; script-src 'self'{nonce}; style-src-elem 'self'{nonce}; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private sealed record Nonce(string Value);
}
