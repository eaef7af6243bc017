using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Shell;
using SmsAi.Web.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>Signing in and out as a browser does it.</summary>
public sealed partial class SignInTests
{
    [Fact]
    public async Task Right_password_opens_the_page_that_was_asked_for()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();

        var asked = await browser.GetAsync("/controls");
        asked.StatusCode.ShouldBe(HttpStatusCode.Found);
        var answer = await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password, asked.Headers.Location!.PathAndQuery);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        new Uri(host.Address, answer.Headers.Location!).AbsolutePath.ShouldBe("/controls");
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Link_to_another_site_is_not_followed_after_the_sign_in()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();

        var answer = await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password, "/sign-in?back=//evil.example/");

        new Uri(host.Address, answer.Headers.Location!).ShouldBe(host.Address);
    }

    [Fact]
    public async Task Known_and_unknown_emails_get_the_same_words()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();

        foreach (var words in new[] { "4 tries left", "3 tries left", "2 tries left", "1 try left", "No tries left: wait 15 minutes", "Too many tries" })
        {
            (await WordsOf(await ConsoleHost.SignInAsync(browser, "mara@example.org", "not the password"))).ShouldContain(words);
            (await WordsOf(await ConsoleHost.SignInAsync(browser, "nobody@example.org", "not the password"))).ShouldContain(words);
        }

        (await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Time.Pass(TimeSpan.FromMinutes(15.1));
        (await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Known_and_unknown_emails_get_the_same_words_though_each_try_meets_another_replica_and_one_was_started_anew()
    {
        await using var host = await ConsoleHost.StartAsync();
        await using var beside = await host.BesideAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var here = host.Browser();
        using var there = beside.Browser();

        foreach (var (browser, words) in new[] { here, there, here, there, here, there, here }.Zip(
            ["4 tries left", "3 tries left", "2 tries left", "1 try left", "No tries left: wait 15 minutes", "Too many tries", "Too many tries"]))
        {
            (await WordsOf(await ConsoleHost.SignInAsync(browser, "mara@example.org", "not the password"))).ShouldContain(words);
            (await WordsOf(await ConsoleHost.SignInAsync(browser, "nobody@example.org", "not the password"))).ShouldContain(words);
        }

        await using var anew = await host.BesideAsync();
        using var after = anew.Browser();
        (await WordsOf(await ConsoleHost.SignInAsync(after, "mara@example.org", "not the password"))).ShouldContain("Too many tries");
        (await WordsOf(await ConsoleHost.SignInAsync(after, "nobody@example.org", "not the password"))).ShouldContain("Too many tries");
    }

    [Fact]
    public async Task Answer_for_a_known_email_is_the_one_for_an_unknown_letter_for_letter()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();

        for (var attempt = 0; attempt < 6; attempt++)
        {
            using var known = await ConsoleHost.SignInAsync(browser, "mara@example.org", "not the password");
            using var unknown = await ConsoleHost.SignInAsync(browser, "nobody@example.org", "not the password");

            unknown.StatusCode.ShouldBe(known.StatusCode);
            var page = await known.Content.ReadAsStringAsync();
            page.ShouldContain("mara@example.org");
            Masked(await unknown.Content.ReadAsStringAsync(), "nobody@example.org").ShouldBe(Masked(page, "mara@example.org"));
        }
    }

    [Fact]
    public async Task Every_sign_in_is_a_session_of_its_own_and_a_cookie_put_there_before_opens_nothing()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser("smsai", "planted");

        await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password);
        var first = host.CookiesOf(browser);
        first.Keys.ShouldBe(["smsai", "smsai-form"]);
        first["smsai"].ShouldNotBe("planted");
        using var planter = host.Browser("smsai", "planted");
        (await planter.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);

        await browser.PostAsync("/sign-out", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(browser, "/controls")));
        await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password);
        host.CookiesOf(browser)["smsai"].ShouldNotBe(first["smsai"]);
        (await host.Database.ListAsync<bool>("select ended_at is null from operator_sessions order by ended_at")).ShouldBe([false, true]);
    }

    [Fact]
    public async Task Session_cookie_behind_https_is_bound_to_the_host_and_out_of_reach_of_scripts_and_other_sites()
    {
        await using var host = await ConsoleHost.StartAsync(("Twilio:PublicBaseUrl", "https://sms.example.org"), ("KnownProxies:0", "127.0.0.1"));
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        // A cookie container would keep what is secure from the proxy's plain connection.
        using var proxy = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
        proxy.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var page = await proxy.GetAsync("/sign-in");
        proxy.DefaultRequestHeaders.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        var form = ConsoleHost.FieldsOf(await page.Content.ReadAsStringAsync());
        (form["Form.Email"], form["Form.Password"]) = ("mara@example.org", ConsoleHost.Password);

        using var answer = await proxy.PostAsync("/sign-in", new FormUrlEncodedContent(form));

        var parts = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.Contains("smsai=")).Split("; ");
        parts[0].ShouldStartWith("__Host-smsai=");
        parts[1..].ShouldBe(["path=/", "secure", "samesite=lax", "httponly"], ignoreOrder: true);
    }

    [Fact]
    public async Task Whoever_comes_while_too_many_sign_in_is_told_to_come_again_and_no_try_is_counted()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();
        var gate = host.Services.GetRequiredService<SignInGate>();
        var places = Enumerable.Range(0, SignInGate.AtOnce + SignInGate.Waiting).Select(_ => gate.EnterAsync(default).AsTask()).ToList();

        var answer = await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await WordsOf(answer)).ShouldContain("Too many are signing in at this moment. Try again in a few seconds.");
        (await host.Database.ScalarAsync<int>("select access_failed_count from operators")).ShouldBe(0);
        foreach (var place in places) (await place).Dispose();
        (await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Disabled_operator_is_refused_like_a_wrong_password()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        await host.Database.ExecuteAsync("update operators set is_disabled = true");
        using var browser = host.Browser();

        (await WordsOf(await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password))).ShouldContain("4 tries left");
    }

    [Fact]
    public async Task Post_without_the_forms_token_is_refused()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent([new("_handler", "sign-in"), new("Form.Email", "a@b.c")]));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Session_ends_after_thirty_idle_minutes()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        host.Time.Pass(TimeSpan.FromMinutes(20));
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Time.Pass(TimeSpan.FromMinutes(31));
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Session_ends_after_twelve_hours_however_busy()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        for (var minutes = 0; minutes < 12 * 60 - 20; minutes += 20)
        {
            host.Time.Pass(TimeSpan.FromMinutes(20));
            (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        host.Time.Pass(TimeSpan.FromMinutes(21));
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Changed_password_ends_the_session_within_half_a_minute()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        await host.Database.ExecuteAsync("update operators set security_stamp = 'another'");
        host.Time.Pass(TimeSpan.FromSeconds(31));

        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_takes_the_forms_token()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        (await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var left = await browser.PostAsync("/sign-out", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(browser, "/controls")));

        left.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        left.Headers.GetValues("Clear-Site-Data").ShouldBe(["\"cache\", \"storage\""]);
        host.CookiesOf(browser).Keys.ShouldNotContain("smsai");
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Coming_in_being_refused_and_leaving_are_in_the_audit_trail()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();

        await ConsoleHost.SignInAsync(browser, "mara@example.org", "not the password");
        await ConsoleHost.SignInAsync(browser, "nobody@example.org", "not the password");
        await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password);
        await browser.PostAsync("/sign-out", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(browser, "/controls")));

        (await host.Database.ListAsync<string>("select actor || ' ' || action || ' ' || role || ' ' || host(ip) from audit order by id")).ShouldBe([
            "mara access.refused  127.0.0.1", "unknown access.refused  127.0.0.1", "mara access.signed_in Owner 127.0.0.1", "mara access.signed_out Owner 127.0.0.1"]);
        (await host.Database.ScalarAsync<string>("select string_agg(metadata::text || resource, '') from audit"))!.ShouldNotContain("nobody");
    }

    /// <summary>Without what differs from page to page: the form's token, the nonce, and what was typed.</summary>
    private static string Masked(string page, string email) => MaskedPart().Replace(page.Replace(email, "E-MAIL"), "MASKED");

    [GeneratedRegex("CfDJ[A-Za-z0-9_+/=-]+|nonce=\"[^\"]+\"")]
    private static partial Regex MaskedPart();

    private static async Task<string> WordsOf(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
}
