namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>
/// The spellings of one URL that Twilio may have signed. Everything but the port stays letter for letter: the host's case,
/// user and password, the raw query. The fragment is never signed.
/// </summary>
internal static class SignedUrl
{
    internal static string WithoutFragment(string url)
    {
        var fragment = url.IndexOf('#', StringComparison.Ordinal);
        return fragment < 0 ? url : url[..fragment];
    }

    /// <summary>The same URL without its port, or with its scheme's port when it has none; null when it is no http(s) URL.</summary>
    internal static (string Url, UrlVariant Variant)? OtherPort(string url)
    {
        var isHttps = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isHttps && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return null;

        var start = isHttps ? 8 : 7;
        var length = url.AsSpan(start).IndexOfAny('/', '?');
        var end = length < 0 ? url.Length : start + length;
        var host = start + url.AsSpan(start, end - start).LastIndexOf('@') + 1;
        var colon = PortColon(url.AsSpan(host, end - host));
        return colon < 0
            ? (string.Concat(url.AsSpan(0, end), isHttps ? ":443" : ":80", url.AsSpan(end)), UrlVariant.PortAdded)
            : (string.Concat(url.AsSpan(0, host + colon), url.AsSpan(end)), UrlVariant.PortRemoved);
    }

    /// <summary>The value of bodySHA256 in the raw query, or empty.</summary>
    internal static ReadOnlySpan<char> BodyHash(string url)
    {
        var question = url.IndexOf('?', StringComparison.Ordinal);
        if (question < 0) return [];
        var query = url.AsSpan(question + 1);
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            if (part.StartsWith("bodySHA256=", StringComparison.Ordinal)) return part["bodySHA256=".Length..];
        }

        return [];
    }

    private static int PortColon(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? colon : -1;
    }
}
