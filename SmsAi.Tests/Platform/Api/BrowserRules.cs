using System.Text.RegularExpressions;

namespace SmsAi.Tests.Platform.Api;

/// <summary>What every answer of ours says to a browser, to the letter.</summary>
internal static partial class BrowserRules
{
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["Content-Security-Policy"] = "default-src 'self'; script-src 'self'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
            + "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
        ["X-Content-Type-Options"] = "nosniff",
        ["Referrer-Policy"] = "no-referrer",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
        ["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    };

    private static readonly string[] Never = ["Server", "X-Powered-By", "Access-Control-Allow-Origin"];

    /// <summary>Where it says something else, or nothing; a file may be kept, anything else may not.</summary>
    public static IReadOnlyList<string> Broken(HttpResponseMessage answer, bool isFile = false) =>
    [
        .. Expected.Where(rule => Nonce().Replace(Said(answer, rule.Key), "") != rule.Value).Select(rule => $"{rule.Key}: {Said(answer, rule.Key)}"),
        .. Nonce().Count(Said(answer, "Content-Security-Policy")) is var nonces && nonces == (IsPage(answer) ? 2 : 0) ? Array.Empty<string>() : [$"{nonces} nonces"],
        .. Never.Where(answer.Headers.Contains),
        .. isFile || answer.Headers.CacheControl is { NoStore: true } ? Array.Empty<string>() : [$"Cache-Control: {answer.Headers.CacheControl}"],
    ];

    // Only pages have scripts and styles that stand in them.
    private static bool IsPage(HttpResponseMessage answer) => answer.Content.Headers is { ContentType.MediaType: "text/html", ContentLength: not 0 };

    private static string Said(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.TryGetValues(name, out var values) ? values : []);

    [GeneratedRegex(" 'nonce-[A-Za-z0-9+/]{24}'")]
    private static partial Regex Nonce();
}
