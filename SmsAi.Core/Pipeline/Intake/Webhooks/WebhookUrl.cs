using System.Globalization;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>
/// Where Twilio reaches us: the configured public URL. A request's own Host is never believed. Only the sandbox, which has no
/// public URL, answers to the addresses it listens on.
/// </summary>
public sealed class WebhookUrl
{
    private static readonly string[] Loopbacks = ["localhost", "127.0.0.1", "[::1]"];

    private WebhookUrl(string[] bases) => Bases = bases;

    /// <summary>The base URLs a signature may be over, without a trailing slash: one; in the sandbox maybe more; none if nothing is known.</summary>
    public IReadOnlyList<string> Bases { get; }

    /// <summary>The base to put into callbacks of ours, or null when nothing is known.</summary>
    public string? Base => Bases is [var one, ..] ? one : null;

    public static WebhookUrl From(TwilioOptions options, IEnumerable<string> listenAddresses)
    {
        if (!string.IsNullOrWhiteSpace(options.PublicBaseUrl)) return new WebhookUrl([Trimmed(options.PublicBaseUrl)]);
        return options.IsSandbox ? new WebhookUrl([.. listenAddresses.SelectMany(Reachable).Distinct()]) : new WebhookUrl([]);
    }

    /// <summary>The full URL of a request, from its raw target: path and query as they came over the wire.</summary>
    public string? For(string rawTarget) => Base is { } origin ? Join(origin, rawTarget) : null;

    /// <summary>
    /// The base with the target behind it. A base's own path is not said twice: some proxies take it off before they pass a
    /// request on, some don't.
    /// </summary>
    public static string Join(string origin, string rawTarget)
    {
        var target = rawTarget.AsSpan();
        if (!target.StartsWith("/"))
        {
            var path = target.IndexOf("://") is var scheme and >= 0 ? target[(scheme + 3)..].IndexOf('/') + scheme + 3 : -1;
            target = path > 0 ? target[path..] : target;
        }

        var prefix = PathOf(origin);
        var isSaidAlready = prefix.Length > 0 && target.StartsWith(prefix)
            && (target.Length == prefix.Length || target[prefix.Length] is '/' or '?');
        return string.Concat(origin, isSaidAlready ? target[prefix.Length..] : target);
    }

    private static ReadOnlySpan<char> PathOf(string origin)
    {
        var authority = origin.IndexOf("://", StringComparison.Ordinal) + 3;
        var slash = origin.AsSpan(authority).IndexOf('/');
        return slash < 0 ? [] : origin.AsSpan(authority + slash);
    }

    private static string Trimmed(string url) => SignedUrl.WithoutFragment(url.Trim()).TrimEnd('/');

    /// <summary>A wildcard or loopback address is reached by any loopback name.</summary>
    private static IEnumerable<string> Reachable(string address)
    {
        var plain = address.Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://+", "://localhost", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri)) return [];

        var isEverywhere = uri.Host is "0.0.0.0" or "[::]";
        if (!isEverywhere && !uri.IsLoopback) return [Trimmed(plain)];
        var given = isEverywhere ? "localhost" : uri.Host;
        var port = uri.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{uri.Port}");
        return Loopbacks.Prepend(given).Distinct().Select(host => $"{uri.Scheme}://{host}{port}");
    }
}
