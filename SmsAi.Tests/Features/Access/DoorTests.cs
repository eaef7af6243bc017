using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Features.Access;

/// <summary>What is open, what is closed, and to whom.</summary>
public sealed class DoorTests
{
    private static readonly string[] Open = ["/sign-in", "/set-up", "/join", "/passkeys/sign-in/begin", "/passkeys/sign-in", "/sign-out", "/fault"];

    [Fact]
    public async Task Nothing_is_open_but_the_door_itself_and_static_files()
    {
        await using var host = await ConsoleHost.StartAsync();

        var anonymous = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null && endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Distinct();

        anonymous.ShouldBe(Open, ignoreOrder: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/controls")]
    [InlineData("/phone")]
    [InlineData("/not-found")]
    [InlineData("/no/such/page")]
    public async Task Stranger_asking_for_a_page_is_sent_to_the_sign_in(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Found, HttpStatusCode.NotFound);
        if (answer.StatusCode == HttpStatusCode.Found) answer.Headers.Location!.AbsolutePath.ShouldBe("/sign-in");
    }

    [Theory]
    [InlineData("/_blazor/negotiate")]
    [InlineData("/stop-all")]
    [InlineData("/session")]
    public async Task Stranger_posting_gets_a_plain_refusal(string path)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        (await browser.PostAsync(path, null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Socket_opened_by_another_site_is_refused()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Owner);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        foreign.Headers.Add("Origin", "https://evil.example");
        using var own = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        own.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));

        (await browser.SendAsync(foreign)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await browser.SendAsync(own)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer, HttpStatusCode.Forbidden)]
    [InlineData(OperatorRoles.Auditor, HttpStatusCode.Forbidden)]
    [InlineData(OperatorRoles.Operator, HttpStatusCode.SeeOther)]
    [InlineData(OperatorRoles.Admin, HttpStatusCode.SeeOther)]
    [InlineData(OperatorRoles.Owner, HttpStatusCode.SeeOther)]
    public async Task Any_operator_may_stop_all_by_a_plain_form_post_and_a_viewer_may_not(string role, HttpStatusCode expected)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(role);

        var answer = await browser.PostAsync("/stop-all", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(browser, "/controls")));

        answer.StatusCode.ShouldBe(expected);
        (await host.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBe(expected == HttpStatusCode.SeeOther);
        (await host.Database.ListAsync<string>("select actor || ' ' || role || ' ' || host(ip) || ' ' || resource from audit where action = 'access.denied'"))
            .ShouldBe(expected == HttpStatusCode.SeeOther ? [] : [$"{role.ToLowerInvariant()} {role} 127.0.0.1 page:POST /stop-all"]);
    }

    [Fact]
    public async Task Page_and_file_above_the_role_are_denied_and_stand_in_the_trail_once_a_minute()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        foreach (var path in (string[])["/audit", "/audit", "/audit/export.csv", "/audit/export.csv"])
            (await browser.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        host.Time.Pass(TimeSpan.FromMinutes(1));
        await browser.GetAsync("/audit");

        (await host.Database.ListAsync<string>("select actor || ' ' || resource from audit where action = 'access.denied' order by id"))
            .ShouldBe(["viewer page:GET /audit", "viewer page:GET /audit/export.{format:regex(^(csv|json)$)}", "viewer page:GET /audit"]);
    }

    [Fact]
    public async Task Stop_without_the_forms_token_is_refused()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Owner);

        (await browser.PostAsync("/stop-all", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await host.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeFalse();
    }

    [Fact]
    public async Task Signed_in_person_asking_for_a_lost_path_reads_that_it_is_lost()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        var answer = await browser.GetAsync("/no/such/page");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }
}
