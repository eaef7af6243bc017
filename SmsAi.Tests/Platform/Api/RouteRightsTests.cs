using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>Every route the program maps × every role × every way to come: found by enumerating, so that none is forgotten.</summary>
public sealed class RouteRightsTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    private const string Everyone = "Viewer Auditor Operator Admin Owner";

    /// <summary>Whom the API lets do what. A new route of it must be written down here.</summary>
    private static readonly Dictionary<string, string> Api = new()
    {
        ["POST /api/auth/token"] = Everyone,
        ["GET /api/admin/metrics/realtime"] = Everyone,
        ["GET /api/admin/controls"] = Everyone,
        ["POST /api/admin/controls/kill"] = "Operator Admin Owner",
        ["POST /api/admin/controls/pause"] = "Operator Admin Owner",
        ["POST /api/admin/controls/resume"] = "Admin Owner",
        ["GET /api/admin/users"] = Everyone,
        ["GET /api/admin/users/{id:long}"] = Everyone,
        ["PATCH /api/admin/users/{id:long}"] = "Operator Admin Owner",
        ["GET /api/admin/audit"] = "Auditor Admin Owner",
        ["GET /api/admin/audit/verify"] = "Auditor Admin Owner",
        ["GET /openapi/{documentName}.json"] = Everyone,
    };

    /// <summary>What each right means. Pages name rights; who has them is written down here once more.</summary>
    private static readonly Dictionary<string, string> RightsOfRoles = new()
    {
        [Rights.CanRead] = Everyone,
        [Rights.OwnAccount] = Everyone,
        [Rights.CanReadBodies] = "Operator Admin Owner",
        [Rights.CanOperate] = "Operator Admin Owner",
        [Rights.CanAdminister] = "Admin Owner",
        [Rights.CanReadAudit] = "Auditor Admin Owner",
    };

    /// <summary>Open without a sign-in: the doors themselves, what supervisors ask, and what is signed by the carrier or comes from this machine alone.</summary>
    private static readonly string[] Open =
        ["sign-in", "set-up", "join", "passkeys/sign-in/begin", "passkeys/sign-in", "fault", "sign-out", "health", "healthz", "ready", "sms/receive", "sms/status", "sms/self-test", "sandbox/"];

    /// <summary>Ask for a session and nothing more.</summary>
    private static readonly string[] AnySession =
        ["_blazor", "session", "not-found", "not-allowed", "api/{**rest}", "{**path:file}", "_framework/opaque-redirect"];

    private RouteEndpoint[] Routes => [.. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    [Fact]
    public void Every_route_says_who_may_take_it()
    {
        var silent = Routes.Where(route => !Is(route, AnySession)).Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? !Is(route, Open) && !IsFile(route)
            : !route.Metadata.OfType<IAuthorizeData>().Any(said => said.Policy is not null));

        silent.Select(route => route.RoutePattern.RawText).ShouldBeEmpty("These routes say nothing: add RequireAuthorization(Rights.…), or Needs(…) under /api.");
        Routes.Length.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void Every_route_of_the_api_is_in_the_table_and_the_other_way_round() =>
        ApiRoutes().Select(route => route.Name).ShouldBe(Api.Keys, ignoreOrder: true);

    [Fact]
    public void Rights_mean_what_is_written_here() =>
        Rights.Roles.ToDictionary(right => right.Key, right => string.Join(' ', right.Value)).Where(right => RightsOfRoles.GetValueOrDefault(right.Key) != right.Value)
            .Select(right => right.Key).ShouldBeEmpty();

    [Fact]
    public async Task Nobody_comes_in_without_a_key_that_works()
    {
        var (revoked, expired) = (await host.KeyAsync(OperatorRoles.Owner), await host.KeyAsync(OperatorRoles.Owner));
        var token = await TokenAsync(revoked.Text);
        await host.Services.GetRequiredService<ApiKeyActs>().RevokeAsync(revoked.Prefix, "", Actor.CommandLine, CancellationToken.None);
        await host.Database.ExecuteAsync("update api_keys set expires_at = now() - interval '1 second' where prefix = $1", expired.Prefix);
        (string Kind, string? Header, string? Value)[] ways =
        [
            ("nothing", null, null), ("an unknown key", "X-Api-Key", ApiKeySecret.New().Text), ("a revoked key", "X-Api-Key", revoked.Text),
            ("an expired key", "X-Api-Key", expired.Text), ("a revoked key's token", "Authorization", "Bearer " + token), ("rubbish", "Authorization", "Bearer a.b.c"),
        ];
        List<string> wrong = [];
        var flips = await host.Database.ScalarAsync<long>("select count(*) from control_flips");

        foreach (var (name, _) in ApiRoutes())
        {
            foreach (var (kind, header, value) in ways)
            {
                using var client = host.Client();
                if (header is not null) client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
                using var answer = await SendAsync(client, name);
                if (answer.StatusCode != HttpStatusCode.Unauthorized || answer.Headers.WwwAuthenticate.Count == 0) wrong.Add($"{name} with {kind}: {(int)answer.StatusCode}");
            }
        }

        wrong.ShouldBeEmpty();
        (await host.Database.ScalarAsync<long>("select count(*) from control_flips")).ShouldBe(flips, "nobody threw a switch");
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData(OperatorRoles.Operator)]
    [InlineData(OperatorRoles.Admin)]
    [InlineData(OperatorRoles.Owner)]
    public async Task Each_role_gets_exactly_what_the_table_says_by_key_token_and_session(string role)
    {
        var key = await host.KeyAsync(role);
        using var byKey = host.Client();
        byKey.DefaultRequestHeaders.Add("X-Api-Key", key.Text);
        using var byToken = host.Client();
        byToken.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync(key.Text));
        using var bySession = await host.SignedInAsync(role);
        List<string> wrong = [];

        foreach (var (name, _) in ApiRoutes())
        {
            var may = Api[name].Split(' ').Contains(role);
            var isExchange = name == "POST /api/auth/token";
            await CheckAsync(byKey, "key", may ? null : HttpStatusCode.Forbidden);
            await CheckAsync(byToken, "token", may && !isExchange ? null : HttpStatusCode.Forbidden);
            await CheckAsync(bySession, "session", !name.StartsWith("GET", StringComparison.Ordinal) ? HttpStatusCode.Unauthorized : may ? null : HttpStatusCode.Forbidden);

            async Task CheckAsync(HttpClient client, string kind, HttpStatusCode? expected)
            {
                using var answer = await SendAsync(client, name);
                var isRight = expected is null ? answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound : answer.StatusCode == expected;
                if (!isRight) wrong.Add($"{name} by {kind}: {(int)answer.StatusCode}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData(OperatorRoles.Operator)]
    [InlineData(OperatorRoles.Admin)]
    [InlineData(OperatorRoles.Owner)]
    public async Task Each_page_opens_for_exactly_the_roles_its_right_names(string role)
    {
        using var browser = await host.SignedInAsync(role);
        using var stranger = host.Client();
        stranger.DefaultRequestHeaders.Add("Accept", "text/html");
        List<string> wrong = [];
        var looked = 0;

        foreach (var page in Routes.Where(route => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && route.Metadata.GetMetadata<IAllowAnonymous>() is null && !Is(route, AnySession)))
        {
            var path = Path(page.RoutePattern.RawText!);
            looked++;
            var right = page.Metadata.OfType<IAuthorizeData>().Single(said => said.Policy is not null).Policy!;
            using var mine = await browser.GetAsync(path);
            var expected = RightsOfRoles[right].Split(' ').Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            if (mine.StatusCode != expected) wrong.Add($"{path} for {role}: {(int)mine.StatusCode} instead of {(int)expected}");
            using var theirs = await stranger.GetAsync(path);
            if (theirs.StatusCode != HttpStatusCode.Found || !theirs.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal)) wrong.Add($"{path} for a stranger: {(int)theirs.StatusCode}");
        }

        looked.ShouldBeGreaterThan(10);
        wrong.ShouldBeEmpty();
    }

    private (string Name, RouteEndpoint Route)[] ApiRoutes() =>
    [
        .. from route in Routes
           where Starts(route, "api/") || Starts(route, "openapi/")
           where !Is(route, AnySession)
           from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
           select ($"{method} /{route.RoutePattern.RawText!.Trim('/')}", route),
    ];

    private async Task<string> TokenAsync(string key)
    {
        using var client = host.Client();
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var answer = await client.PostAsync(new Uri("/api/auth/token", UriKind.Relative), null);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string name)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
        using var request = new HttpRequestMessage(new HttpMethod(method), Path(path));
        if (method != "GET" && !path.EndsWith("/token", StringComparison.Ordinal))
            request.Content = new StringContent(path.Contains("/users/", StringComparison.Ordinal) ? """{"blocked":true,"reason":"test"}""" : """{"reason":"test"}""", Encoding.UTF8, "application/json");
        return await client.SendAsync(request);
    }

    private static Uri Path(string pattern) => new(
        "/" + pattern.TrimStart('/').Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{id:long}", "123456", StringComparison.OrdinalIgnoreCase)
            .Replace("{Stream:long}", "0", StringComparison.Ordinal), UriKind.Relative);

    private static bool Starts(RouteEndpoint route, string beginning) => route.RoutePattern.RawText!.TrimStart('/').StartsWith(beginning, StringComparison.Ordinal);

    private static bool Is(RouteEndpoint route, string[] any) =>
        any.Any(one => one.EndsWith('/') || one == "_blazor" ? Starts(route, one) : route.RoutePattern.RawText!.TrimStart('/').Equals(one, StringComparison.OrdinalIgnoreCase));

    /// <summary>Style sheets, modules, fonts: in the program's own folder for such.</summary>
    private static bool IsFile(RouteEndpoint route) => route.RoutePattern.RawText!.Contains('.', StringComparison.Ordinal);
}
