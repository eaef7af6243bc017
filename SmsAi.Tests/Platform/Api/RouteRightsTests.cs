using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
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

    /// <summary>What a key must be for to take a route of the API, beside its role.</summary>
    private static readonly Dictionary<string, string> ScopesOfApi = new()
    {
        ["GET /api/admin/metrics/realtime"] = Scopes.Read,
        ["GET /api/admin/controls"] = Scopes.Read,
        ["POST /api/admin/controls/kill"] = Scopes.Stop,
        ["POST /api/admin/controls/pause"] = Scopes.Stop,
        ["POST /api/admin/controls/resume"] = Scopes.Resume,
        ["GET /api/admin/users"] = Scopes.Read,
        ["GET /api/admin/users/{id:long}"] = Scopes.Read,
        ["PATCH /api/admin/users/{id:long}"] = Scopes.Users,
        ["GET /api/admin/audit"] = Scopes.Audit,
        ["GET /api/admin/audit/verify"] = Scopes.Audit,
    };

    /// <summary>No sign-in is asked for: the doors themselves, what supervisors ask, and what is signed by the carrier or comes from this machine alone.</summary>
    private const string Open = "open";

    /// <summary>A session is asked for and nothing more.</summary>
    private const string AnySession = "session";

    /// <summary>Whom each page opens for. A new one must be written down here.</summary>
    private static readonly Dictionary<string, string> Pages = new()
    {
        ["/"] = Rights.CanRead,
        ["/access"] = Rights.CanAdminister,
        ["/access/{Id:long}"] = Rights.CanAdminister,
        ["/account"] = Rights.OwnAccount,
        ["/api-keys"] = Rights.CanAdminister,
        ["/audit"] = Rights.CanReadAudit,
        ["/controls"] = Rights.CanRead,
        ["/controls/blocked"] = Rights.CanRead,
        ["/controls/history"] = Rights.CanRead,
        ["/conversations"] = Rights.CanRead,
        ["/conversations/{Id:long}"] = Rights.CanRead,
        ["/docs"] = Rights.CanRead,
        ["/errors"] = Rights.CanRead,
        ["/fault"] = Open,
        ["/jobs"] = Rights.CanRead,
        ["/join"] = Open,
        ["/ledger/{Stream:long}"] = Rights.CanRead,
        ["/messages"] = Rights.CanRead,
        ["/messages/{Id:long}"] = Rights.CanRead,
        ["/not-found"] = AnySession,
        ["/phone"] = Rights.CanRead,
        ["/set-up"] = Open,
        ["/settings"] = Rights.CanRead,
        ["/sign-in"] = Open,
        ["/system"] = Rights.CanRead,
        ["/system-check"] = Rights.CanRead,
        ["/system/check"] = Rights.CanRead,
        ["/system/webhooks"] = Rights.CanRead,
        ["/tiers"] = Rights.CanRead,
        ["/users"] = Rights.CanRead,
        ["/users/{Id:long}"] = Rights.CanRead,
    };

    /// <summary>Whatever is neither page nor API nor file.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["GET /audit/export.{format:regex(^(csv|json)$)}"] = Rights.CanReadAudit,
        ["POST /passkeys/add"] = Rights.OwnAccount,
        ["POST /passkeys/add/begin"] = Rights.OwnAccount,
        ["POST /passkeys/sign-in"] = Open,
        ["POST /passkeys/sign-in/begin"] = Open,
        ["POST /passkeys/step-up"] = Rights.OwnAccount,
        ["POST /passkeys/step-up/begin"] = Rights.OwnAccount,
        ["POST /session"] = AnySession,
        ["POST /sign-out"] = Open,
        ["POST /stop-all"] = Rights.CanOperate,
        ["GET /health"] = Open,
        ["GET /healthz"] = Open, // looks itself: a login or key, or this machine alone
        ["GET /ready"] = Open,
        ["POST /sms/receive"] = Open,
        ["POST /sms/self-test"] = Open,
        ["POST /sms/status"] = Open,
        ["GET /sandbox/openai/v1/models/{name}"] = Open,
        ["POST /sandbox/openai/v1/chat/completions"] = Open,
        ["GET /sandbox/twilio/2010-04-01/Accounts/{account}/Messages.json"] = Open,
        ["GET /sandbox/twilio/2010-04-01/Accounts/{account}/Messages/{sid}.json"] = Open,
        ["POST /sandbox/twilio/2010-04-01/Accounts/{account}/Messages.json"] = Open,
        ["GET /_framework/opaque-redirect"] = AnySession,
        ["GET /{**path:file}"] = AnySession,
        ["HEAD /{**path:file}"] = AnySession,
        ["* /api/{**rest}"] = AnySession,
        ["* /_blazor"] = AnySession,
        ["* /_blazor/disconnect"] = AnySession,
        ["* /_blazor/initializers"] = AnySession,
        ["* /_blazor/negotiate"] = AnySession,
    };

    /// <summary>Posts that ask for no form's token: the carrier's and its double are signed, the API takes no cookie, and the circuit looks where its caller comes from.</summary>
    private static readonly string[] WithoutToken = ["/sms/", "/sandbox/", "/api/", "/_blazor"];

    private RouteEndpoint[] Routes => [.. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    [Fact]
    public void Every_page_is_in_the_table_with_its_right_and_the_other_way_round() => Mapped(PageRoutes).ShouldBe(Written(Pages), ignoreOrder: true);

    [Fact]
    public void Every_other_route_is_in_the_table_with_its_right_and_the_other_way_round() => Mapped(OtherRoutes()).ShouldBe(Written(Others), ignoreOrder: true);

    [Fact]
    public void Files_are_only_read() =>
        Routes.Where(IsFile).SelectMany(file => file.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods).Distinct().ShouldBe(["GET", "HEAD"], ignoreOrder: true);

    [Fact]
    public void Every_route_of_the_api_is_in_the_table_and_the_other_way_round() =>
        ApiRoutes().Select(route => route.Name).ShouldBe(Api.Keys, ignoreOrder: true);

    [Fact]
    public void Rights_mean_what_is_written_here() =>
        Rights.Roles.ToDictionary(right => right.Key, right => string.Join(' ', right.Value)).ShouldBe(RightsOfRoles, ignoreOrder: true);

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
    [MemberData(nameof(Roles))]
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

    [Fact]
    public async Task Key_opens_a_route_by_its_scope_alone_however_mighty_its_role()
    {
        List<string> wrong = [];

        foreach (var (name, scope) in ScopesOfApi)
        {
            using var lacking = await host.WithKeyAsync(OperatorRoles.Owner, [.. Scopes.OfRole[OperatorRoles.Owner].Where(other => other != scope)]);
            using var having = await host.WithKeyAsync(OperatorRoles.Owner, scope);
            using var refused = await SendAsync(lacking, name);
            if (refused.StatusCode != HttpStatusCode.Forbidden) wrong.Add($"{name} without {scope}: {(int)refused.StatusCode}");
            using var taken = await SendAsync(having, name);
            if (!taken.IsSuccessStatusCode && taken.StatusCode != HttpStatusCode.NotFound) wrong.Add($"{name} with {scope}: {(int)taken.StatusCode}");
        }

        wrong.ShouldBeEmpty();
        ScopesOfApi.Keys.ShouldBe(Api.Keys.Except(["POST /api/auth/token", "GET /openapi/{documentName}.json"]), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Each_other_route_is_refused_to_strangers_and_to_roles_without_its_right(string role)
    {
        using var browser = await host.SignedInAsync(role);
        using var stranger = host.Client();
        List<string> wrong = [];

        foreach (var (name, right) in Others.Where(route => route.Value is not Open && !route.Key.StartsWith('*')))
        {
            using var mine = await SendAsync(browser, name);
            var may = right == AnySession || RightsOfRoles[right].Split(' ').Contains(role);
            if (may == (mine.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)) wrong.Add($"{name} for {role}: {(int)mine.StatusCode}");
            using var theirs = await SendAsync(stranger, name);
            if (theirs.StatusCode != HttpStatusCode.Unauthorized) wrong.Add($"{name} for a stranger: {(int)theirs.StatusCode}");
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_post_without_the_forms_token_is_refused_whoever_sends_it()
    {
        using var owner = await host.SignedInAsync(OperatorRoles.Owner);
        var posts = Routes.Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Any(method => method is not ("GET" or "HEAD")) ?? true)
            .Select(NameOf).Where(path => !WithoutToken.Any(beginning => path.StartsWith(beginning, StringComparison.Ordinal))).ToList();
        List<string> open = [];

        foreach (var path in posts)
        {
            var answer = await owner.PostAsync(Path(path), new FormUrlEncodedContent([new("_handler", "join")]));
            if (answer.StatusCode == HttpStatusCode.UnsupportedMediaType) answer = await owner.PostAsJsonAsync(Path(path), new { });
            if (answer.StatusCode != HttpStatusCode.BadRequest) open.Add($"{path}: {answer.StatusCode}");
        }

        open.ShouldBeEmpty();
        posts.Count.ShouldBeGreaterThan(35);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task Each_page_opens_for_exactly_the_roles_its_right_names(string role)
    {
        using var browser = await host.SignedInAsync(role);
        using var stranger = host.Client();
        stranger.DefaultRequestHeaders.Add("Accept", "text/html");
        List<string> wrong = [];

        foreach (var (pattern, right) in Pages.Where(page => page.Value is not (Open or AnySession)))
        {
            var path = Path(pattern);
            using var mine = await browser.GetAsync(path);
            var expected = RightsOfRoles[right].Split(' ').Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            if (mine.StatusCode != expected) wrong.Add($"{path} for {role}: {(int)mine.StatusCode} instead of {(int)expected}");
            using var theirs = await stranger.GetAsync(path);
            if (theirs.StatusCode != HttpStatusCode.Found || !theirs.Headers.Location!.ToString().Contains("/sign-in", StringComparison.Ordinal)) wrong.Add($"{path} for a stranger: {(int)theirs.StatusCode}");
        }

        wrong.ShouldBeEmpty();
    }

    public static TheoryData<string> Roles => [.. OperatorRoles.FromMightiest];

    private IEnumerable<RouteEndpoint> PageRoutes => Routes.Where(route => route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null);

    private (string Name, RouteEndpoint Route)[] ApiRoutes() => [.. ByMethod(Routes.Where(IsApi))];

    private IEnumerable<(string Name, RouteEndpoint Route)> OtherRoutes() => ByMethod(Routes.Except(PageRoutes).Where(route => !IsFile(route) && !IsApi(route)));

    private static IEnumerable<(string Name, RouteEndpoint Route)> ByMethod(IEnumerable<RouteEndpoint> routes) =>
        from route in routes
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]
        select ($"{method} {NameOf(route)}", route);

    private static IEnumerable<string> Mapped(IEnumerable<RouteEndpoint> routes) => Mapped(routes.Select(route => (NameOf(route), route)));

    private static IEnumerable<string> Mapped(IEnumerable<(string Name, RouteEndpoint Route)> routes) => routes.Select(route => $"{route.Name}: {RightOf(route.Route)}");

    private static IEnumerable<string> Written(Dictionary<string, string> table) => table.Select(route => $"{route.Key}: {route.Value}");

    private static string RightOf(RouteEndpoint route) => route.Metadata.GetMetadata<IAllowAnonymous>() is not null
        ? Open
        : string.Join(' ', route.Metadata.OfType<IAuthorizeData>().Select(said => said.Policy).OfType<string>()) is { Length: > 0 } rights ? rights : AnySession;

    private static string NameOf(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.Trim('/');

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
        pattern.Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{id:long}", "123456", StringComparison.OrdinalIgnoreCase)
            .Replace("{format:regex(^(csv|json)$)}", "csv", StringComparison.Ordinal).Replace("{Stream:long}", "0", StringComparison.Ordinal)
            .Replace("{**path:file}", "no.file", StringComparison.Ordinal), UriKind.Relative);

    private static bool IsApi(RouteEndpoint route) =>
        NameOf(route) != "/api/{**rest}" && (NameOf(route).StartsWith("/api/", StringComparison.Ordinal) || NameOf(route).StartsWith("/openapi/", StringComparison.Ordinal));

    /// <summary>Style sheets, modules, fonts: known by the build, not by a name that looks like one.</summary>
    private static bool IsFile(RouteEndpoint route) => route.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;
}
