using System.Net;
using System.Net.WebSockets;
using System.Text;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>What every answer of the whole program carries, whatever its status.</summary>
public sealed class EveryAnswerTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    public static TheoryData<string, string, int> Answers => new()
    {
        { "GET", "/sign-in", 200 },
        { "GET", "/api/admin/controls", 200 },
        { "GET", "/openapi/v1.json", 200 },
        { "GET", "/healthz", 200 },
        { "GET", "/api/admin/users/0", 404 },
        { "GET", "/api/nothing", 404 },
        { "GET", "/api/admin/users?limit=0", 400 },
        { "POST", "/api/admin/controls/resume", 403 },
        { "POST", "/api/admin/users", 405 },
        { "POST", "/api/admin/controls/kill text", 415 },
        { "POST", "/api/admin/controls/kill long", 413 },
        { "POST", "/stop-all", 401 },
        { "POST", "/sms/receive", 403 },
        { "TRACE", "/api/admin/controls", 405 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_carries_the_browsers_rules(string method, string path, int status)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Split(' ')[0]);
        if (path.EndsWith(" text", StringComparison.Ordinal)) request.Content = new StringContent("x");
        if (path.EndsWith(" long", StringComparison.Ordinal)) request.Content = new StringContent(new string(' ', 20_000), Encoding.UTF8, "application/json");
        if (path == "/sms/receive") request.Content = new FormUrlEncodedContent([new("Body", "x")]);

        using var answer = await client.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        Header(answer, "Content-Security-Policy").ShouldStartWith("default-src 'self'; script-src 'self' 'nonce-");
        Header(answer, "Content-Security-Policy").ShouldContain("frame-ancestors 'none'");
        Header(answer, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(answer, "Referrer-Policy").ShouldBe("no-referrer");
        Header(answer, "Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        Header(answer, "Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        Header(answer, "Permissions-Policy").ShouldStartWith("camera=()");
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        if (path.StartsWith("/api", StringComparison.Ordinal)) answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        if (path.StartsWith("/api", StringComparison.Ordinal) && status >= 400) answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Circuits_socket_is_never_compressed()
    {
        using var socket = new ClientWebSocket();
        socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", await SessionAsync());
        socket.Options.SetRequestHeader("Origin", host.Address.GetLeftPart(UriPartial.Authority));

        await socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/_blazor"), CancellationToken.None);

        socket.HttpResponseHeaders!.Keys.ShouldNotContain("Sec-WebSocket-Extensions");
        socket.HttpStatusCode.ShouldBe(HttpStatusCode.SwitchingProtocols);
    }

    /// <summary>Routing takes no notice of upper and lower case; of an origin every part counts.</summary>
    [Theory]
    [InlineData("/_blazor", "https://evil.example")]
    [InlineData("/_BLAZOR", "https://evil.example")]
    [InlineData("/_blazor", "null")]
    [InlineData("/_blazor", "http://127.0.0.1.evil.example:{port}")]
    [InlineData("/_blazor", "http://127.0.0.1:1")]
    public async Task Socket_of_another_site_is_refused(string path, string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", await SessionAsync());
        socket.Options.SetRequestHeader("Origin", origin.Replace("{port}", $"{host.Address.Port}", StringComparison.Ordinal));

        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}{path}"), CancellationToken.None));

        socket.HttpStatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<string> SessionAsync()
    {
        var cookies = new CookieContainer();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer, cookies);
        return cookies.GetCookieHeader(host.Address);
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.TryGetValues(name, out var values) ? values : []);
}
