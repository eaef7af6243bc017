using System.Net;
using Microsoft.Playwright;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Journeys;

/// <summary>What a stranger reaches: webhooks, health, sign-in, set-up and files, and nothing else.</summary>
[Collection(JourneyCollection.Name)]
public sealed class DoorsJourney(RunningService running) : IClassFixture<RunningService>
{
    [Theory]
    [InlineData("/health", 200)]
    [InlineData("/ready", 200)]
    [InlineData("/sign-in", 200)]
    [InlineData("/set-up", 200)]
    [InlineData("/join", 200)]
    [InlineData("/account", 302)]
    [InlineData("/access", 302)]
    [InlineData("/built/css/tokens.css", 200)]
    [InlineData("/", 302)]
    [InlineData("/phone", 302)]
    [InlineData("/messages/1", 302)]
    [InlineData("/system", 302)]
    [InlineData("/nowhere", 302)]
    [InlineData("/_blazor/negotiate", 401)]
    public async Task Without_signing_in_only_the_doors_open(string path, int status)
    {
        using var request = new HttpRequestMessage(path.EndsWith("negotiate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html");
        using var response = await running.Service.App.Http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(status);
        if (response.StatusCode == HttpStatusCode.Redirect)
            response.Headers.Location!.ToString().ShouldContain("/sign-in?back=");
    }

    [Theory]
    [InlineData("/sms/receive")]
    [InlineData("/sms/status")]
    [InlineData("/stop-all")]
    [InlineData("/session")]
    [InlineData("/join")]
    [InlineData("/passkeys/add")]
    public async Task A_stranger_who_posts_changes_nothing(string path)
    {
        using var response = await running.Service.App.Http.PostAsync(new Uri(path, UriKind.Relative), new FormUrlEncodedContent([new("reason", "mine")]));
        ((int)response.StatusCode).ShouldBeOneOf(400, 401, 403);
        (await running.Service.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_keep_a_browser_safe()
    {
        foreach (var path in (string[])["/sign-in", "/", "/nowhere", "/health", "/built/css/tokens.css"])
        {
            using var response = await running.Service.App.Http.GetAsync(new Uri(path, UriKind.Relative));
            var headers = response.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
            headers.GetValueOrDefault("X-Content-Type-Options").ShouldBe("nosniff", path);
            headers.GetValueOrDefault("Referrer-Policy").ShouldBe("no-referrer", path);
            headers.GetValueOrDefault("Content-Security-Policy", "").ShouldContain("frame-ancestors 'none'", Case.Sensitive, path);
            headers.ShouldNotContainKey("Server", path);
        }
    }

    [Theory]
    [InlineData("rebound.example", 400)]
    [InlineData("rebound.example:80", 400)]
    [InlineData("127.0.0.1.rebound.example", 400)]
    [InlineData("localhost", 200)]
    [InlineData("[::1]:9", 200)]
    public async Task Only_names_of_this_service_are_answered(string host, int status)
    {
        foreach (var path in (string[])["/health", "/sign-in"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using var response = await running.Service.App.Http.SendAsync(request);
            ((int)response.StatusCode).ShouldBe(status, path);
        }
    }

    /// <summary>Another port of this machine is another origin and the same site: its requests carry the cookies.</summary>
    [Theory]
    [InlineData(false, 401)]
    [InlineData(true, 400)]
    public async Task A_page_of_another_origin_stops_nothing_signs_nobody_out_and_reads_nothing(bool isSameSite, int status)
    {
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
        var console = new Uri(owner.Page.Url).GetLeftPart(UriPartial.Authority);
        var origin = isSameSite ? $"http://localhost:{FreePort.Next()}" : "http://evil.example";
        var page = await owner.Page.Context.NewPageAsync();
        await page.RouteAsync(origin + "/**", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = route.Request.Url.EndsWith("/read", StringComparison.Ordinal)
                ? "<h1>Read</h1>"
                : $"<form method=post action='{console}{new Uri(route.Request.Url).AbsolutePath}'><input name=reason value=mine></form><script>document.forms[0].submit()</script>",
        }));
        await page.GotoAsync(origin + "/read");
        foreach (var (method, path) in new[] { ("GET", "/controls"), ("GET", "/healthz"), ("POST", "/stop-all"), ("POST", "/session") })
        {
            var read = await page.EvaluateAsync<string>(
                """
                async ([method, address]) => {
                  const tries = ['cors', 'no-cors'].map(mode => fetch(address, { method, mode, credentials: 'include' }).then(answer => answer.text(), () => ''));
                  return (await Promise.all(tries)).join('');
                }
                """, new[] { method, console + path });
            read.ShouldBeEmpty($"{method} {path}");
        }

        foreach (var path in (string[])["/stop-all", "/sign-out"])
        {
            var answer = await page.RunAndWaitForResponseAsync(() => page.GotoAsync(origin + path), answer => answer.Url == console + path);
            answer.Status.ShouldBe(path == "/sign-out" ? 400 : status, path);
        }

        (await running.Service.Database.ScalarAsync<bool>("select bool_or(stopped) from controls")).ShouldBeFalse();
        await owner.GoAsync("/controls");
        owner.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_screen_too_many_says_so_and_opens_once_another_is_closed()
    {
        var (app, email) = (running.Service.App, "many.screens@example.org");
        await Operators.AddAsync(running.Service.Database, email, OperatorRoles.Operator);
        await using var visitor = await Visitor.SignedInAsync(app, email, Operators.Password);
        await visitor.Page.EvaluateAsync(
            """
            () => Promise.all(Array.from({ length: 9 }, () => new Promise((opened, failed) => {
              const socket = new WebSocket(location.origin.replace('http', 'ws') + '/_blazor');
              socket.onopen = () => socket.send('{"protocol":"blazorpack","version":1}\x1e');
              socket.onmessage = opened;
              socket.onerror = failed;
              setInterval(() => socket.send(new Uint8Array([2, 0x91, 6])), 5000); // a ping: the message's length, an array of one, type 6
            })))
            """);

        var page = await visitor.Page.Context.NewPageAsync();
        await page.GotoAsync("/messages");
        await page.GetByRole(AriaRole.Heading, new() { Name = "You have 10 screens open" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await page.GetByText("Stopped. Nothing is sent any more.").WaitForAsync();
        (await running.Service.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeTrue();
        await running.Service.Database.ExecuteAsync("update controls set stopped = false");
        await visitor.Page.CloseAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Load again" }).ClickAsync();

        await page.Locator("header.rail").WaitForAsync();
    }

    [Fact]
    public async Task Whoever_follows_a_link_to_the_way_out_stays_signed_in()
    {
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
        await owner.Page.GotoAsync("/sign-out");
        await owner.GoAsync("/controls");
        (await running.Service.Database.ScalarAsync<long>("select count(*) from audit where action = 'access.signed_out'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/set-up")]
    [InlineData("/join")]
    [InlineData("/fault")]
    public async Task A_page_for_strangers_opens_no_circuit(string path)
    {
        using var response = await running.Service.App.Http.GetAsync(new Uri(path, UriKind.Relative));
        var page = await response.Content.ReadAsStringAsync();
        page.ShouldContain("<h1");
        page.ShouldNotContain("<!--Blazor:", Case.Insensitive);
        page.ShouldNotContain("src=\"_framework", Case.Insensitive);
    }
}
