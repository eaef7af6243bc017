using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SmsAi.Bench.Loopback;

/// <summary>A bare HTTP server on loopback that keeps its port while it is switched off and on, as an outage of the other side looks.</summary>
internal sealed class LoopbackServer(RequestDelegate handler) : IAsyncDisposable
{
    private WebApplication? _app;

    public int Port { get; private set; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var started = builder.Build();
        started.Run(handler);
        await started.StartAsync();
        Port = new Uri(started.Urls.First()).Port;
        _app = started;
    }

    /// <summary>Connections are refused from now on, and the open ones end.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } running)
            return;
        // Whoever waits for an answer here must not hold the stop up.
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await running.StopAsync(atOnce.Token);
        await running.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
