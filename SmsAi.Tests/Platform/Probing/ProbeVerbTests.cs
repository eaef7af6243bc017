using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SmsAi.Web.Platform.Probing;

namespace SmsAi.Tests.Platform.Probing;

public sealed class ProbeVerbTests
{
    [Theory]
    [InlineData("urls", "http://+:3000", "http://localhost:3000/health")]
    [InlineData("urls", "http://0.0.0.0:8080;https://0.0.0.0:8443", "http://localhost:8080/health")]
    [InlineData("urls", "https://*:8443;http://[::]:8080", "http://localhost:8080/health")]
    [InlineData("urls", "https://10.0.0.7:8443", "https://10.0.0.7:8443/health")]
    [InlineData("http_ports", "8080;8081", "http://localhost:8080/health")]
    [InlineData("anything", "else", "http://localhost:3000/health")]
    public void Probe_asks_where_the_app_listens(string key, string value, string expected) =>
        ProbeVerb.HealthOf(Configured(key, value)).AbsoluteUri.ShouldBe(expected);

    [Theory]
    [InlineData(200, 0)]
    [InlineData(500, 1)]
    public async Task Probe_tells_by_its_exit_code_what_health_answered(int answer, int exitCode)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.MapGet("/health", () => Results.StatusCode(answer));
        await app.StartAsync(TestContext.Current.CancellationToken);
        var console = new StringWriter();

        int result = await ProbeVerb.RunAsync(Configured("urls", app.Urls.Single()), console, TestContext.Current.CancellationToken);

        result.ShouldBe(exitCode);
        console.ToString().ShouldContain($"/health answered {answer}.");
    }

    [Fact]
    public async Task Probe_of_an_app_that_is_not_there_fails_and_says_why()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var console = new StringWriter();

        int result = await ProbeVerb.RunAsync(Configured("urls", $"http://127.0.0.1:{port}"), console, TestContext.Current.CancellationToken);

        result.ShouldBe(1);
        console.ToString().ShouldContain("did not answer: ConnectionRefused.");
    }

    private static IConfiguration Configured(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
}
