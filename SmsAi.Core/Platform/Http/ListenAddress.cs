using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SmsAi.Core.Platform.Http;

/// <summary>
/// Where this process itself answers HTTP, for the sandbox, whose carrier and model are endpoints of our own.
/// It is known only once the server listens, so it is asked anew until then.
/// </summary>
public sealed class ListenAddress(IServer? server = null)
{
    private Uri? _found;

    /// <summary>Our own address by loopback, without a trailing slash in its path; null before the server listens.</summary>
    public Uri? Current => _found ??= Read();

    /// <summary>Makes an absolute address of a configured one; a path such as <c>/sandbox/twilio</c> is below our own address.</summary>
    public Uri? Resolve(string configured) =>
        configured.StartsWith('/')
            ? Current is { } own ? new Uri(own, configured) : null
            : new Uri(configured, UriKind.Absolute);

    private Uri? Read()
    {
        var addresses = server?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        // Plain HTTP first: a certificate made for the outside name would not be trusted by ourselves.
        return addresses
            .Select(Reachable)
            .OfType<Uri>()
            .Where(address => address.Port != 0)
            .OrderBy(address => address.Scheme == Uri.UriSchemeHttp ? 0 : 1)
            .FirstOrDefault();
    }

    private static Uri? Reachable(string address)
    {
        // Kestrel writes "any address" as +, * or the zero address, and none of these can be called.
        var callable = address.Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://*", "://127.0.0.1", StringComparison.Ordinal);
        // A path means a socket file, http://unix:/run/….
        if (!Uri.TryCreate(callable, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.AbsolutePath != "/")
            return null;
        var builder = new UriBuilder(parsed);
        if (IPAddress.TryParse(parsed.IdnHost, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
            builder.Host = "127.0.0.1";
        return builder.Uri;
    }
}
