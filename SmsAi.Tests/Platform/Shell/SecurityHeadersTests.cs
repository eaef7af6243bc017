using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Tests.Platform.Api;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>The browser's rules are on every answer, whatever its status.</summary>
public sealed class SecurityHeadersTests
{
    [Theory]
    [InlineData("/sign-in", HttpStatusCode.OK)]
    [InlineData("/controls", HttpStatusCode.Found)]
    [InlineData("/no/such/page", HttpStatusCode.NotFound)]
    [InlineData("/built/css/tokens.css", HttpStatusCode.OK)]
    public async Task Every_answer_carries_the_rules(string path, HttpStatusCode status)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await browser.GetAsync(path);

        if (status == HttpStatusCode.OK && path.StartsWith("/built", StringComparison.Ordinal)) status = answer.StatusCode; // built files may be absent from a test run
        answer.StatusCode.ShouldBeOneOf(status, HttpStatusCode.Found);
        BrowserRules.Broken(answer, path.StartsWith("/built", StringComparison.Ordinal)).ShouldBeEmpty();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Fact]
    public async Task Pages_are_never_kept_and_every_nonce_is_new()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var (first, second) = (await browser.GetAsync("/sign-in"), await browser.GetAsync("/sign-in"));

        first.Headers.CacheControl!.NoStore.ShouldBeTrue();
        Header(first, "Content-Security-Policy").ShouldNotBe(Header(second, "Content-Security-Policy"));
    }

    [Fact]
    public async Task Inline_script_and_style_carry_the_answers_nonce_and_nothing_else_is_inline()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        var answer = await browser.GetAsync("/controls");
        var page = await answer.Content.ReadAsStringAsync();

        var nonce = Header(answer, "Content-Security-Policy").Split("'nonce-")[1].Split('\'')[0];
        var inline = System.Text.RegularExpressions.Regex.Matches(page, "<(script|style)(?![^>]* src=)[^>]*>").Select(tag => WebUtility.HtmlDecode(tag.Value)).ToList();
        inline.ShouldNotBeEmpty();
        inline.Where(tag => !tag.Contains($"nonce=\"{nonce}\"", StringComparison.Ordinal)).ShouldBeEmpty();
        page.ShouldNotMatch(" on(click|load|error)=");
    }

    [Fact]
    public async Task Behind_https_cookies_are_bound_to_the_host_and_hsts_is_on()
    {
        await using var host = await ConsoleHost.StartAsync(("Twilio:PublicBaseUrl", "https://sms.example.org"));
        using var browser = host.Browser();

        var answer = await browser.GetAsync("/sign-in");

        Header(answer, "Strict-Transport-Security").ShouldBe("max-age=31536000; includeSubDomains");
        var cookie = Header(answer, "Set-Cookie");
        cookie.ShouldStartWith("__Host-smsai-form=");
        cookie.ShouldContain("secure");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldContain("httponly");
    }

    [Fact]
    public async Task Foreign_host_gets_the_rules_and_no_page()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.Host = "evil.example";

        var answer = await browser.GetAsync("/sign-in");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        BrowserRules.Broken(answer).ShouldBeEmpty();
        (await answer.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/sms/receive", "http", true)]
    [InlineData("/api/admin/controls", "http", true)]
    [InlineData("/api/admin/controls", "https", false)]
    [InlineData("/api/admin/controls", null, false)]
    [InlineData("/sign-in", "http", false)]
    public async Task Programs_that_a_known_proxy_says_came_in_plain_text_are_refused(string path, string? proto, bool isRefused)
    {
        await using var host = await ConsoleHost.StartAsync(("Twilio:PublicBaseUrl", "https://sms.example.org"), ("KnownProxies:0", "127.0.0.1"));
        using var browser = host.Browser();
        if (proto is not null) browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", proto);

        var answer = await browser.GetAsync(path);

        (answer.StatusCode == HttpStatusCode.Forbidden).ShouldBe(isRefused);
        BrowserRules.Broken(answer).ShouldBeEmpty();
        if (isRefused) (await answer.Content.ReadAsStringAsync()).ShouldContain("This came by plain http");
    }

    [Fact]
    public async Task Address_is_the_one_the_known_proxy_adds_whatever_came_before_it()
    {
        await using var host = await ConsoleHost.StartAsync(("KnownProxies:0", "127.0.0.1"));
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "6.6.6.6, 203.0.113.9");

        await ConsoleHost.SignInAsync(browser, "nobody@example.org", "no such password");

        (await host.Database.ListAsync<string>("select host(ip) from audit where action = 'access.refused'")).ShouldBe(["203.0.113.9"]);
    }

    [Fact]
    public async Task Forwarded_headers_of_strangers_change_nothing()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        (await browser.GetAsync("/controls")).Headers.Location!.Host.ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Forwarded_headers_of_whoever_is_no_known_proxy_change_nothing()
    {
        await using var host = await ConsoleHost.StartAsync(("KnownProxies:0", "10.99.0.0/16"));
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        (await browser.GetAsync("/controls")).Headers.Location!.GetLeftPart(UriPartial.Authority).ShouldBe($"http://{host.Address.Authority}");
    }

    [Fact]
    public async Task Known_proxy_is_believed_about_the_scheme_and_passes_on_no_strangers_host()
    {
        await using var host = await ConsoleHost.StartAsync(("KnownProxies:0", "127.0.0.1"));
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");

        (await browser.GetAsync("/controls")).Headers.Location!.GetLeftPart(UriPartial.Authority).ShouldBe($"https://{host.Address.Authority}");
    }

    [Fact]
    public void Proxy_that_is_no_address_is_named()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("KnownProxies:0", "nginx")]).Build();
        using var provider = new ServiceCollection().AddLogging().AddShell(configuration).BuildServiceProvider();

        provider.GetServices<SettingsFaults>().SelectMany(look => look(configuration, null!)).ShouldContain(fault => fault.StartsWith("KnownProxies holds 'nginx'"));
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));
}
