using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>Who gets in by key or token, and how refusals are said.</summary>
public sealed class ApiDoorTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    private const string Token = "/api/auth/token";

    [Fact]
    public async Task Token_opens_what_its_key_opens_and_dies_with_it_at_once()
    {
        var key = await host.KeyAsync(OperatorRoles.Viewer);
        using var client = host.Client();
        using var issued = await SendAsync(client, HttpMethod.Post, Token, key.Text);
        issued.StatusCode.ShouldBe(HttpStatusCode.OK);
        issued.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var answer = await issued.Content.ReadFromJsonAsync<JsonElement>();
        answer.GetProperty("token_type").GetString().ShouldBe("Bearer");
        answer.GetProperty("expires_in").GetInt32().ShouldBeInRange(590, 600);
        client.DefaultRequestHeaders.Authorization = new("Bearer", answer.GetProperty("access_token").GetString());

        (await client.GetAsync(Path("/api/nothing"))).StatusCode.ShouldBe(HttpStatusCode.NotFound, "it is let in, and there is nothing");
        (await client.PostAsync(Path(Token), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "a token is not exchanged for the next one");
        await host.Services.GetRequiredService<ApiKeyActs>().RevokeAsync(key.Prefix, "", Actor.CommandLine, CancellationToken.None);
        (await client.GetAsync(Path("/api/nothing"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Key_and_token_of_a_maker_who_was_disabled_are_refused_at_once()
    {
        var email = $"maker.{Guid.NewGuid():N}@example.org";
        await Operators.AddAsync(host.Database, email, OperatorRoles.Admin);
        var maker = new Actor("Maker", await host.Database.ScalarAsync<long>("select id from operators where email = $1", email), OperatorRoles.Admin);
        var key = await host.Services.GetRequiredService<ApiKeyActs>().CreateAsync(
            new ApiKeyOrder("deploys", OperatorRoles.Viewer, TimeSpan.FromDays(1)), maker, CancellationToken.None);
        using var client = host.Client();
        var token = await TokenOfAsync(client, key);
        (await GetAsync(client, token)).ShouldBe(HttpStatusCode.NotFound, "it is let in, and there is nothing");

        await host.Database.ExecuteAsync("update operators set is_disabled = true where email = $1", email);

        (await GetAsync(client, token)).ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(client, key.Text)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_that_is_over_or_says_it_needs_no_signature_is_refused()
    {
        var key = await host.KeyAsync(OperatorRoles.Viewer);
        using var client = host.Client();
        var parts = (await TokenOfAsync(client, key)).Split('.');
        var kid = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[0])).GetProperty("kid").GetString();
        var none = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"none","typ":"at+jwt","kid":"{{kid}}"}"""));
        var found = (await host.Services.GetRequiredService<ApiKeyCheck>().FindAsync(key.Prefix, CancellationToken.None))!;

        (await GetAsync(client, await IssuedAsync(found, TimeSpan.FromMinutes(9)))).ShouldBe(HttpStatusCode.NotFound, "it is let in, and there is nothing");
        (await GetAsync(client, await IssuedAsync(found, TimeSpan.FromMinutes(10)))).ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(client, $"{none}.{parts[1]}.")).ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(client, $"{none}.{parts[1]}.{parts[2]}")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Replaced_key_opens_as_the_new_one_does_until_the_overlap_is_over()
    {
        var old = await host.KeyAsync(OperatorRoles.Viewer);
        var made = (await host.Services.GetRequiredService<ApiKeyActs>().RotateAsync(old.Prefix, TimeSpan.FromHours(1), Actor.CommandLine, CancellationToken.None))!;
        using var client = host.Client();

        (await SendAsync(client, HttpMethod.Post, Token, old.Text)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(client, HttpMethod.Post, Token, made.Text)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Database.ExecuteAsync("update api_keys set expires_at = now() where prefix = $1", old.Prefix);
        (await SendAsync(client, HttpMethod.Post, Token, old.Text)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(client, HttpMethod.Post, Token, made.Text)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_may_come_in_either_header_and_in_no_address()
    {
        var key = await host.KeyAsync(OperatorRoles.Viewer);
        using var client = host.Client();
        using var bearer = new HttpRequestMessage(HttpMethod.Post, Token) { Headers = { Authorization = new("Bearer", key.Text) } };

        (await client.SendAsync(bearer)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync(Path($"{Token}?api_key={key.Text}"), null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var both = new HttpRequestMessage(HttpMethod.Post, Token) { Headers = { { "X-Api-Key", key.Text }, { "Authorization", "Bearer " + key.Text } } };
        (await client.SendAsync(both)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var basic = new HttpRequestMessage(HttpMethod.Post, Token) { Headers = { Authorization = new("Basic", "YTpi") } };
        (await client.SendAsync(basic)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refusal_says_in_a_problem_what_to_send()
    {
        using var client = host.Client();

        using var answer = await client.PostAsync(Path(Token), null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Bearer");
        (await ProblemAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith("Send a key in the header X-Api-Key");
    }

    [Fact]
    public async Task Twentieth_wrong_key_makes_an_address_wait_but_not_the_key_that_worked_from_there()
    {
        const string From = "203.0.113.77";
        using var client = host.Client(From);
        var good = (await host.KeyAsync(OperatorRoles.Operator)).Text;
        var unseen = (await host.KeyAsync(OperatorRoles.Operator)).Text;
        (await SendAsync(client, HttpMethod.Post, Token, good)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var time = 0; time < 20; time++)
            (await SendAsync(client, HttpMethod.Post, Token, ApiKeySecret.New().Text)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var refused = await SendAsync(client, HttpMethod.Post, Token, unseen);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.TotalMinutes.ShouldBeInRange(14, 15);
        await ProblemAsync(refused);
        (await SendAsync(client, HttpMethod.Post, Token, good)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var elsewhere = host.Client("203.0.113.78");
        (await SendAsync(elsewhere, HttpMethod.Post, Token, unseen)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Expired_key_is_told_its_day()
    {
        var key = await host.KeyAsync(OperatorRoles.Viewer);
        await host.Database.ExecuteAsync("update api_keys set expires_at = '2026-01-02T00:00:00Z' where prefix = $1", key.Prefix);
        using var client = host.Client();

        using var answer = await SendAsync(client, HttpMethod.Post, Token, key.Text);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ProblemAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("2026-01-02");
    }

    [Theory]
    [InlineData("GET", "/api/auth/token", 405)]
    [InlineData("DELETE", "/api/auth/token", 405)]
    [InlineData("GET", "/api", 404)]
    [InlineData("GET", "/api/admin/coffee", 404)]
    [InlineData("POST", "/API/Admin/Coffee", 404)]
    public async Task What_is_not_there_is_said_as_a_problem(string method, string path, int status)
    {
        using var client = host.Client();

        using var answer = await SendAsync(client, new HttpMethod(method), path, (await host.KeyAsync(OperatorRoles.Viewer)).Text);

        ((int)answer.StatusCode).ShouldBe(status);
        await ProblemAsync(answer);
        if (status == 405) answer.Content.Headers.Allow.ShouldBe(["POST"]);
    }

    [Fact]
    public async Task Session_may_look_and_change_nothing()
    {
        using var browser = await host.SignedInAsync(OperatorRoles.Owner);

        (await browser.GetAsync(Path("/api/nothing"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await browser.PostAsync(Path(Token), null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.PostAsync(Path("/api/nothing"), null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    /// <summary>A token that was given out so long ago.</summary>
    private async Task<string> IssuedAsync(ApiKey key, TimeSpan ago)
    {
        var clock = new ManualTime();
        clock.Pass(DateTimeOffset.UtcNow - ago - clock.GetUtcNow());
        return (await new AccessTokens(host.Services.GetRequiredService<TokenKeys>(), clock).IssueAsync(key, CancellationToken.None)).Text;
    }

    private static async Task<string> TokenOfAsync(HttpClient client, MadeApiKey key)
    {
        using var answer = await SendAsync(client, HttpMethod.Post, Token, key.Text);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, string bearer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/nothing") { Headers = { Authorization = new("Bearer", bearer) } };
        return (await client.SendAsync(request)).StatusCode;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string key) =>
        client.SendAsync(new HttpRequestMessage(method, path) { Headers = { { "X-Api-Key", key } } });

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("status").GetInt32().ShouldBe((int)answer.StatusCode);
        return problem;
    }

    private static Uri Path(string path) => new(path, UriKind.Relative);
}
