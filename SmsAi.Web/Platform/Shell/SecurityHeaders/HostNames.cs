using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.HostFiltering;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>
/// Under which names requests are answered, where <c>AllowedHosts</c> doesn't say: loopback's, the public address's, those the service
/// listens on by name, and this machine's own addresses. A page elsewhere whose name is made to point here gets nothing (DNS rebinding).
/// </summary>
internal static class HostNames
{
    internal const string Key = "AllowedHosts";

    internal static IServiceCollection AddHostNames(this IServiceCollection services, IConfiguration configuration) =>
        services.Configure<HostFilteringOptions>(options =>
        {
            // Its page would be made without our rules.
            options.IncludeFailureMessage = false;
            if (string.IsNullOrWhiteSpace(configuration[Key]))
                options.AllowedHosts = Usual(configuration);
        });

    private static List<string> Usual(IConfiguration configuration)
    {
        var urls = (configuration[WebHostDefaults.ServerUrlsKey] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Append(configuration[PublicAddress.Key] ?? "");
        return
        [
            "localhost", "127.0.0.1", "[::1]",
            .. urls.Select(url => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Host : "").Where(host => host is not ("" or "0.0.0.0" or "[::]")),
            .. OwnAddresses(),
        ];
    }

    private static IEnumerable<string> OwnAddresses() =>
        from link in NetworkInterface.GetAllNetworkInterfaces()
        from address in link.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)
        where !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal
        select address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
