using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>
/// Whose X-Forwarded-For and -Proto are believed: only the proxies named in <c>KnownProxies</c>, as addresses or networks. X-Forwarded-Host is
/// nobody's: many proxies pass on what a stranger put there. A proxy passes on the Host itself.
/// </summary>
internal static class TrustedProxies
{
    internal const string Key = "KnownProxies";

    internal static IServiceCollection AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var named = configuration.GetSection(Key).Get<string[]>() ?? [];
        services.AddSettingsFaults((_, _) => named.Where(name => !IsAddress(name) && !IsNetwork(name))
            .Select(name => $"{Key} holds '{name}', which is neither an address nor a network such as 10.0.0.0/8."));
        return services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = 1;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var name in named)
            {
                if (IPAddress.TryParse(name, out var proxy)) options.KnownProxies.Add(proxy);
                else if (System.Net.IPNetwork.TryParse(name, out var network)) options.KnownIPNetworks.Add(network);
            }
        });
    }

    private static bool IsAddress(string name) => IPAddress.TryParse(name, out _);

    private static bool IsNetwork(string name) => System.Net.IPNetwork.TryParse(name, out _);
}
