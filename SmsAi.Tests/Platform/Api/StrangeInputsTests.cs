using System.Net;
using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Logging;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Shell;
using SmsAi.Tests.Platform.Starting;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Platform.Api;

/// <summary>Whatever stands in an address, a form or a body: it is understood, left out or refused, and never looks like an outage or becomes an error of ours.</summary>
public sealed class StrangeInputsTests(StrangeInputsTests.ErrorsKept host) : IClassFixture<StrangeInputsTests.ErrorsKept>
{
    private static readonly string[] Strange =
    [
        "\0", "a\0b", "\u0001\u001f", "\ufeff=", "'", "\"", "%", "_", "\\", "'; drop table users; --", "%' or '1'='1", "{}", "[", "$1", ":x", "<b>", "\u202e", new('x', 5_000), new('%', 300),
        "0", "-1", "2147483648", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e9", "NaN", "٣",
        "0001-01-01", "9999-12-31", "2026-02-30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-01-01T00:00:00+14:00",
        "9223372036854775807-9223372036854775807", "3155378975999999999-1", "0-0", "9223372036854775807.x", "1.99999999999999999999", "1.\0", "1.NaN", "1.infinity",
    ];

    /// <summary>Pages that read their address as a whole.</summary>
    private static readonly Dictionary<Type, string[]> ReadAsAWhole = new()
    {
        [typeof(UsersPage)] = ["q", "tier", "blocked", "since", "country", "spend", "tag", "person", "sort", "newer", "older", "without"],
        [typeof(AccessPage)] = ["q", "role", "state", "before", "after"],
    };

    [Fact]
    public async Task Page_shows_something_whatever_its_address_says()
    {
        await Operators.AddAsync(host.Database, "strange@example.org", OperatorRoles.Owner);
        var owner = await host.Database.ScalarAsync<long>("select id from operators where email = 'strange@example.org'");
        List<string> wrong = [];
        var drawn = 0;

        foreach (var (page, parameter) in Parameters())
        {
            foreach (var strange in Strange)
            {
                drawn++;
                var (words, fault) = await DrawAsync(page, $"{parameter}={Uri.EscapeDataString(strange)}", owner);
                if (fault is not null || words.Contains("database doesn't answer", StringComparison.Ordinal))
                    wrong.Add($"{page.Name}?{parameter}={Shown(strange)}: {fault?.GetType().Name ?? "an outage"} {fault?.Message}");
            }
        }

        wrong.ShouldBeEmpty();
        drawn.ShouldBeGreaterThan(1_000);
    }

    [Theory]
    [InlineData("/api/admin/users", "search tier cursor limit")]
    [InlineData("/api/admin/audit", "from until actor action cursor limit")]
    [InlineData("/audit/export.csv", "from until who act q")]
    [InlineData("/audit/export.json", "from until who act q")]
    public async Task Question_is_answered_or_refused_whatever_stands_in_it(string path, string parameters)
    {
        using var client = path.StartsWith("/api", StringComparison.Ordinal) ? await host.WithKeyAsync(OperatorRoles.Owner) : await host.SignedInAsync(OperatorRoles.Owner);

        await CheckAsync(
            from parameter in parameters.Split(' ') from strange in Strange select ($"{path}?{parameter}={Shown(strange)}", $"{path}?{parameter}={Uri.EscapeDataString(strange)}"),
            address => client.GetAsync(new Uri(address, UriKind.Relative)));
    }

    [Theory]
    [InlineData("/api/admin/controls/pause", "reason until")]
    [InlineData("/api/admin/controls/resume", "what reason")]
    [InlineData("/api/admin/users/1", "tier blocked reason")]
    public async Task Body_is_taken_or_refused_whatever_stands_in_it(string path, string fields)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Owner, "stop", "resume", "users");
        var bodies = (from field in fields.Split(' ')
                      from value in (string[])[.. Strange.Select(strange => JsonSerializer.Serialize(strange)), "\"\\ud800\"", "1e400", "-0", "[[[[[[[[[[", "null"]
                      select $"{{\"{field}\": {value}}}").Append("{\"\\ud800\": 1}").Append("{\"\\u0000\": 1}").Append("\0");

        await CheckAsync(bodies.Select(body => ($"{path} {Shown(body)}", body)), async body =>
        {
            using var request = new HttpRequestMessage(path.Contains("users", StringComparison.Ordinal) ? HttpMethod.Patch : HttpMethod.Post, path);
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            return await client.SendAsync(request);
        });
    }

    [Theory]
    [InlineData("/sign-in", "Form.Email")]
    [InlineData("/sign-in", "Form.Password")]
    [InlineData("/join", "Form.Token")]
    [InlineData("/join", "Form.Email")]
    [InlineData("/join", "Form.Name")]
    [InlineData("/join", "Form.Password")]
    public async Task Strangers_form_is_refused_whatever_stands_in_it(string path, string field)
    {
        await CheckAsync(Strange.Where(strange => !strange.Any(char.IsAsciiDigit)).Select(strange => ($"{path} {field}={Shown(strange)}", strange)), async strange =>
        {
            using var browser = host.Client();
            browser.DefaultRequestHeaders.Add("Accept", "text/html");
            var (form, cookie) = await FormAsync(browser, path);
            foreach (var name in (string[])["Form.Token", "Form.Email", "Form.Name", "Form.Password"])
                form[name] = name == field ? strange : "nobody@example.org";
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = InParts(form) };
            request.Headers.Add("Cookie", cookie);
            var answer = await browser.SendAsync(request);
            answer.StatusCode.ShouldNotBe(HttpStatusCode.BadRequest, Shown(strange));
            return answer;
        });
    }

    [Fact]
    public void Pattern_that_takes_too_long_is_given_up() => AppContext.GetData("REGEX_DEFAULT_MATCH_TIMEOUT").ShouldBe(TimeSpan.FromSeconds(1));

    /// <summary>Every parameter of an address that any page reads.</summary>
    private IEnumerable<(Type Page, string Parameter)> Parameters() =>
        from page in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(route => route.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type).OfType<Type>().Distinct()
        where page.GetCustomAttribute<Microsoft.AspNetCore.Authorization.AllowAnonymousAttribute>() is null
        from parameter in ReadAsAWhole.TryGetValue(page, out var names) ? names : page.GetProperties()
            .Where(property => property.GetCustomAttribute<SupplyParameterFromQueryAttribute>() is not null)
            .Select(property => property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()!.Name ?? property.Name)
        select (page, parameter);

    /// <summary>As a circuit draws it first.</summary>
    private async Task<(string Words, Exception? Fault)> DrawAsync(Type page, string query, long owner)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var person = new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, $"{owner}"), new(ClaimTypes.Name, "Owner"), new(ClaimTypes.Role, OperatorRoles.Owner), new(SessionClaimTypes.Session, "strange")], "test"));
        ((IHostEnvironmentNavigationManager)scope.ServiceProvider.GetRequiredService<NavigationManager>()).Initialize(
            host.Address.AbsoluteUri, $"{host.Address}{page.GetCustomAttributes<RouteAttribute>().First().Template.TrimStart('/').Split('{')[0]}?{query}");
        ((IHostEnvironmentAuthenticationStateProvider)scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>())
            .SetAuthenticationState(Task.FromResult(new AuthenticationState(person)));
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, NullLoggerFactory.Instance);
        RenderFragment content = builder =>
        {
            builder.OpenComponent<CascadingValue<RailModel>>(0);
            builder.AddComponentParameter(1, "Value", new RailModel());
            builder.AddComponentParameter(2, "ChildContent", (RenderFragment)(inner =>
            {
                inner.OpenComponent(0, page);
                inner.CloseComponent();
            }));
            builder.CloseComponent();
        };
        try
        {
            return await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var root = await renderer.RenderComponentAsync<CascadingAuthenticationState>(
                    ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(CascadingAuthenticationState.ChildContent)] = content }));
                return (WebUtility.HtmlDecode(root.ToHtmlString()), (Exception?)null);
            });
        }
        catch (Exception fault)
        {
            return ("", fault);
        }
    }

    private async Task CheckAsync(IEnumerable<(string Name, string Given)> questions, Func<string, Task<HttpResponseMessage>> askAsync)
    {
        List<string> wrong = [];
        var before = await ErrorsAsync();

        foreach (var (name, given) in questions)
        {
            try
            {
                using var answer = await askAsync(given);
                if ((int)answer.StatusCode >= 500 || WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Contains("database doesn't answer", StringComparison.Ordinal))
                    wrong.Add($"{name}: {(int)answer.StatusCode}");
            }
            catch (HttpRequestException)
            {
                wrong.Add($"{name}: an answer that breaks off");
            }
        }

        wrong.ShouldBeEmpty();
        (await ErrorsAsync()).ShouldBe(before, "what a stranger types is no error of ours");
    }

    private async Task<long> ErrorsAsync()
    {
        (await host.Services.GetServices<IHostedService>().OfType<FaultWriter>().Single().WriteAsync(CancellationToken.None)).ShouldBeTrue();
        return await host.Database.ScalarAsync<long>("select coalesce(sum((metadata ->> 'count')::bigint), 0)::bigint from error_logs");
    }

    private static async Task<(Dictionary<string, string> Form, string Cookie)> FormAsync(HttpClient browser, string path)
    {
        using var page = await browser.GetAsync(new Uri(path, UriKind.Relative));
        var cookies = page.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(cookie => cookie.Split(';')[0]) : [];
        return (ConsoleHost.FieldsOf(await page.Content.ReadAsStringAsync()), string.Join("; ", cookies));
    }

    /// <summary>Of a form that comes otherwise, a zero byte is refused before we see it.</summary>
    private static MultipartFormDataContent InParts(Dictionary<string, string> form)
    {
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in form)
            parts.Add(new StringContent(value), $"\"{name}\"");
        return parts;
    }

    private static string Shown(string text) => string.Concat((text.Length > 60 ? text[..60] + "…" : text).Select(letter => char.IsControl(letter) ? $"\\u{(int)letter:x4}" : letter.ToString()));

    /// <summary>With its errors logged, so that they are kept.</summary>
    public sealed class ErrorsKept : ProgramHost
    {
        protected override ValueTask<string[]> MoreAsync() => ValueTask.FromResult<string[]>(["--Logging:LogLevel:Default=Error"]);
    }
}
