using Microsoft.Extensions.DependencyInjection;

namespace SmsAi.Core.Platform.Http;

/// <summary>How this process calls others: one wide connection pool for each of them, no redirects, no log of addresses.</summary>
public static class OutwardHttp
{
    /// <summary>Adds a named client. Its addresses may hold people's numbers, so nothing logs them.</summary>
    public static IServiceCollection AddOutwardHttp(this IServiceCollection services, string name, long longestAnswer)
    {
        services.AddHttpClient(name, client =>
            {
                // Callers count their own time: they must tell "no answer in time" from "we were stopped".
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = longestAnswer;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("SmsAi/1.0");
            })
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            .RemoveAllLoggers()
            // The handler renews its own connections; a rotated one would drop them all every two minutes.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        return services;
    }

    /// <summary>The transport below such a client.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        // A followed redirect would be a second request, and with our credentials.
        AllowAutoRedirect = false,
        UseCookies = false,
        Proxy = new OutwardProxy(HttpClient.DefaultProxy),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 512,
        // Shorter than any server's own patience, so that we rarely write on a connection that is just being closed.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // Trace headers tell outsiders about our insides.
        ActivityHeadersPropagator = null,
    };
}
