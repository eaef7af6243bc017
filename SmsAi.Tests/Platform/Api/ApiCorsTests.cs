using System.Net;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Tests.Platform.Api;

/// <summary>Pages of other sites that a setting names.</summary>
public sealed class ApiCorsTests(ApiCorsTests.NamedHost host) : IClassFixture<ApiCorsTests.NamedHost>
{
    private const string Named = "https://desk.example.org";

    [Fact]
    public async Task Named_site_may_ask_first_and_then_read_without_a_cookie()
    {
        using var stranger = host.Client();
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/api/admin/controls/kill");
        ask.Headers.Add("Origin", Named);
        ask.Headers.Add("Access-Control-Request-Method", "POST");
        ask.Headers.Add("Access-Control-Request-Headers", "x-api-key,content-type,idempotency-key");

        using var may = await stranger.SendAsync(ask);

        may.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Said(may, "Access-Control-Allow-Origin").ShouldBe(Named);
        Said(may, "Access-Control-Allow-Methods").ShouldBe("GET,POST,PATCH");
        may.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();

        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);
        client.DefaultRequestHeaders.Add("Origin", Named);
        using var answer = await client.GetAsync("/api/admin/controls");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Said(answer, "Access-Control-Allow-Origin").ShouldBe(Named);
    }

    [Theory]
    [InlineData("https://evil.example", "/api/admin/controls")]
    [InlineData(Named, "/sign-in")]
    [InlineData(Named, "/health")]
    public async Task No_other_site_and_nothing_but_the_api(string origin, string path)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);
        client.DefaultRequestHeaders.Add("Origin", origin);

        using var answer = await client.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Theory]
    [InlineData("*")]
    [InlineData("desk.example.org")]
    [InlineData("https://desk.example.org/")]
    [InlineData("https://desk.example.org/path")]
    [InlineData("ftp://desk.example.org")]
    public void What_is_no_origin_is_named(string wrong) =>
        new ApiCorsOptions { CorsOrigins = { Named, wrong } }.Faults().ShouldBe(
            ["Api:CorsOrigins:1 is no origin. Write scheme, host and port alone, such as https://desk.example.org."]);

    private static string Said(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    /// <summary>The program with one site named.</summary>
    public sealed class NamedHost : ProgramHost
    {
        protected override ValueTask<string[]> MoreAsync() => ValueTask.FromResult<string[]>([$"--Api:CorsOrigins:0={Named}"]);
    }
}
