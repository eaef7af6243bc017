using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>What every answer of the whole program carries, whatever its status.</summary>
public sealed partial class EveryAnswerTests(ProgramHost host) : IClassFixture<ProgramHost>
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
        { "POST", "/sign-in form", 413 },
        { "POST", "/set-up form", 413 },
        { "POST", "/join form", 413 },
        { "POST", "/sign-out form", 413 },
        { "POST", "/sms/receive form", 413 },
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
        if (path.EndsWith(" form", StringComparison.Ordinal)) request.Content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Form.Email", new string('x', 200_000))]);
        if (path == "/sms/receive") request.Content = new FormUrlEncodedContent([new("Body", "x")]);

        using var answer = await client.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        BrowserRules.Broken(answer).ShouldBeEmpty();
        if (path.StartsWith("/api", StringComparison.Ordinal) && status >= 400) answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Whatever_the_program_maps_answers_with_the_browsers_rules_to_strangers_and_to_an_owner()
    {
        using var stranger = host.Client();
        stranger.DefaultRequestHeaders.Add("Accept", "text/html");
        using var owner = await host.SignedInAsync(OperatorRoles.Owner);
        var seen = new HashSet<int>();
        List<string> broken = [];

        foreach (var route in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var isFile = route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
            var path = Hole().Replace("/" + route.RoutePattern.RawText!.Trim('/'), "1");
            foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                foreach (var client in isFile ? (HttpClient[])[stranger] : [stranger, owner])
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), path);
                    using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                    seen.Add((int)answer.StatusCode);
                    broken.AddRange(BrowserRules.Broken(answer, isFile).Select(fault => $"{method} {path} {(int)answer.StatusCode}: {fault}"));
                }
            }
        }

        broken.ShouldBeEmpty();
        seen.ShouldContain(200);
        seen.ShouldContain(302);
        seen.ShouldContain(400);
        seen.ShouldContain(401);
        seen.ShouldContain(403);
        seen.ShouldContain(404);
    }

    [Fact]
    public async Task File_a_browser_has_already_comes_with_the_rules_too()
    {
        using var client = host.Client();
        using var first = await client.GetAsync("/_framework/blazor.web.js");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/_framework/blazor.web.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var answer = await client.SendAsync(again);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        BrowserRules.Broken(answer, isFile: true).ShouldBeEmpty();
    }

    [Fact]
    public async Task Address_with_too_many_wrong_keys_is_told_so_with_the_rules()
    {
        using var client = host.Client();
        HttpResponseMessage answer;
        for (var tries = 0; ; tries++)
        {
            client.DefaultRequestHeaders.Remove("X-Api-Key");
            client.DefaultRequestHeaders.Add("X-Api-Key", ApiKeySecret.New().Text);
            answer = await client.GetAsync("/api/admin/controls");
            if (answer.StatusCode == HttpStatusCode.TooManyRequests || tries == 30) break;
            answer.Dispose();
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        BrowserRules.Broken(answer).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("OPTIONS")]
    public async Task Another_sites_page_learns_nothing_of_the_api_unless_a_setting_names_it(string method)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/admin/controls");
        request.Headers.Add("Origin", "https://desk.example.org");
        if (method == "OPTIONS") request.Headers.Add("Access-Control-Request-Method", "GET");

        using var answer = await client.SendAsync(request);

        answer.Headers.Where(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
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

    /// <summary>Nobody knows their length before they end.</summary>
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    public async Task Endless_form_is_refused_before_it_is_read_whole(string path)
    {
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Form.Email", new string('x', 200_000))]) };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Strangers_socket_is_refused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/_blazor"), CancellationToken.None));

        socket.HttpStatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Message_that_is_too_long_ends_its_own_circuit_and_no_other()
    {
        var cookie = await SessionAsync();
        using var sender = await ConnectAsync(cookie);
        using var other = await ConnectAsync(cookie);
        (await ShakeHandsAsync(sender)).ShouldBe("{}\u001e");

        // As SignalR frames it: the length, then the message.
        await sender.SendAsync((byte[])[0x80, 0x88, 0x02, .. new byte[33 * 1024]], WebSocketMessageType.Binary, true, CancellationToken.None);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        while (sender.State == WebSocketState.Open)
            await sender.ReceiveAsync(buffer, patience.Token);
        sender.State.ShouldBe(WebSocketState.CloseReceived);
        (await ShakeHandsAsync(other)).ShouldBe("{}\u001e");
    }

    [Fact]
    public async Task Eleventh_screen_of_an_operator_is_refused_until_she_closes_one()
    {
        var cookie = await SessionAsync();
        List<ClientWebSocket> screens = [];
        try
        {
            for (var screen = 0; screen < 10; screen++)
            {
                screens.Add(await ConnectAsync(cookie));
                (await ShakeHandsAsync(screens[screen])).ShouldBe("{}\u001e");
            }

            (await RefusalAsync(cookie)).ShouldBe(HttpStatusCode.TooManyRequests);
            (await NegotiateAsync(cookie)).ShouldBe(HttpStatusCode.TooManyRequests);
            using (await ConnectAsync(await SessionAsync()))
            {
                // Another operator's are hers.
            }

            screens[0].Abort();
            await Until.TrueAsync(async () => await NegotiateAsync(cookie) == HttpStatusCode.OK, "there is room again");
            screens.Add(await ConnectAsync(cookie));
            (await RefusalAsync(cookie)).ShouldBe(HttpStatusCode.TooManyRequests);
        }
        finally
        {
            screens.ForEach(screen => screen.Dispose());
        }
    }

    [Fact]
    public async Task Thousands_of_headers_are_too_many()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host.Address.Host, host.Address.Port);
        await using var stream = client.GetStream();

        var writing = stream.WriteAsync(Encoding.ASCII.GetBytes("GET /sign-in HTTP/1.1\r\nHost: localhost\r\n" + string.Concat(Enumerable.Range(0, 10_000).Select(number => $"A{number}: b\r\n")))).AsTask();

        using var answer = new StreamReader(stream, Encoding.ASCII);
        (await answer.ReadLineAsync()).ShouldBe("HTTP/1.1 431 Request Header Fields Too Large");
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext); // The server need not read to the end.
    }

    private async Task<ClientWebSocket> ConnectAsync(string cookie)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", cookie);
        socket.Options.SetRequestHeader("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/_blazor"), CancellationToken.None);
        return socket;
    }

    /// <summary>The status a socket is refused with.</summary>
    private async Task<HttpStatusCode> RefusalAsync(string cookie)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", cookie);
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/_blazor"), CancellationToken.None));
        return socket.HttpStatusCode;
    }

    private async Task<HttpStatusCode> NegotiateAsync(string cookie)
    {
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await client.PostAsync(new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative), null);
        return answer.StatusCode;
    }

    private static async Task<string> ShakeHandsAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, patience.Token);
        var buffer = new byte[100];
        var answer = await socket.ReceiveAsync(buffer, patience.Token);
        return Encoding.UTF8.GetString(buffer, 0, answer.Count);
    }

    private async Task<string> SessionAsync()
    {
        var cookies = new CookieContainer();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer, cookies);
        return cookies.GetCookieHeader(host.Address);
    }

    [GeneratedRegex(@"\{[^/]+\}")]
    private static partial Regex Hole();
}
