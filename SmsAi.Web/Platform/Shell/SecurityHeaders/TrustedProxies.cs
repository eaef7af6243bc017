using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>Whose X-Forwarded-* headers are believed: only the proxies named in <c>KnownProxies</c>, as addresses or networks.</summary>
internal static class TrustedProxies
{
    internal const string Key = "KnownProxies";

    internal static IServiceCollection AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var named = configuration.GetSection(Key).Get<string[]>() ?? [];
        return services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            options.ForwardLimit = 1;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var name in named)
            {
                if (IPAddress.TryParse(name, out var proxy)) options.KnownProxies.Add(proxy);
                else if (System.Net.IPNetwork.TryParse(name, out var network)) options.KnownIPNetworks.Add(network);
                else throw new InvalidOperationException($"{Key}: '{name}' is neither an address nor a network such as 10.0.0.0/8.");
            }
        });
    }
}
