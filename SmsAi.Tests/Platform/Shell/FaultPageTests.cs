using System.Net;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Tests.Platform.Api;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>What a browser gets when a page can't be made.</summary>
public sealed class FaultPageTests
{
    [Fact]
    public async Task Outage_of_the_database_is_said_as_one_with_a_way_to_try_again()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var host = await ConsoleHost.StartOnAsync(postgres);
        using var browser = Browser(host);
        using var signedIn = await host.SignedInAsync("Admin");
        signedIn.DefaultRequestHeaders.Add("Accept", "text/html");
        var form = await ConsoleHost.FieldsAsync(browser, "/sign-in");
        (form["Form.Email"], form["Form.Password"]) = ("mara@example.org", ConsoleHost.Password);
        (await signedIn.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await postgres.StopAsync();

        foreach (var answer in (HttpResponseMessage[])[await browser.GetAsync("/sign-in"), await browser.PostAsync("/sign-in", new FormUrlEncodedContent(form))])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
            page.ShouldContain("The database doesn't answer");
            page.ShouldContain("<a class=\"button\" href=\"/sign-in\">Try again</a>");
            BrowserRules.Broken(answer).ShouldBeEmpty();
        }

        await ProblemAsync(await PostAsync(browser, form), HttpStatusCode.ServiceUnavailable, "The database doesn't answer");

        (await signedIn.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK, "the screen of who is known says itself what it can't reach");
        await postgres.StartAsync();
        await Until.TrueAsync(async () => (await browser.GetAsync("/sign-in")).StatusCode == HttpStatusCode.OK, "the sign-in is back");
        await Until.TrueAsync(async () => (await signedIn.GetAsync("/controls")).StatusCode == HttpStatusCode.OK, "and nobody was signed out");
    }

    [Fact]
    public async Task Fault_of_ours_is_no_outage_and_says_nothing_of_the_inside()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = Browser(host);
        await host.Database.ExecuteAsync("alter table operators rename to elsewhere");

        var answer = await browser.GetAsync("/sign-in");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        page.ShouldContain("This page couldn't be made");
        page.ShouldNotContain("operators");
        BrowserRules.Broken(answer).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fault_where_no_page_is_made_is_a_problem_with_the_browsers_rules_and_says_nothing_of_the_inside()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = Browser(host);
        var form = await ConsoleHost.FieldsAsync(browser, "/sign-in");
        await host.Database.ExecuteAsync("alter table operator_passkey_challenges rename to elsewhere");

        var answer = await PostAsync(browser, form);

        (await ProblemAsync(answer, HttpStatusCode.InternalServerError, "This failed inside the service.")).ShouldNotContain("operator_passkey");
    }

    [Fact]
    public void Only_an_outage_may_be_missing_in_the_log()
    {
        static PostgresException Refused(string state) => new("refused", "ERROR", "ERROR", state);

        new NpgsqlException("no answer").IsOutage().ShouldBeTrue();
        new TimeoutException().IsOutage().ShouldBeTrue();
        Refused(PostgresErrorCodes.AdminShutdown).IsOutage().ShouldBeTrue();
        Refused(PostgresErrorCodes.QueryCanceled).IsOutage().ShouldBeTrue("a statement that took too long");
        Refused(PostgresErrorCodes.UndefinedTable).IsOutage().ShouldBeFalse();
        Refused(PostgresErrorCodes.CharacterNotInRepertoire).IsOutage().ShouldBeFalse();
        new InvalidOperationException("by EF Core", Refused(PostgresErrorCodes.UndefinedTable)).IsOutage().ShouldBeFalse();
        new InvalidOperationException("ours").IsOutage().ShouldBeFalse();
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient browser, Dictionary<string, string> form)
    {
        using var post = new HttpRequestMessage(HttpMethod.Post, "/passkeys/sign-in/begin");
        post.Headers.Add("RequestVerificationToken", form["__RequestVerificationToken"]);
        post.Headers.Add("Accept", "application/json");
        return await browser.SendAsync(post);
    }

    private static async Task<string> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string words)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        BrowserRules.Broken(answer).ShouldBeEmpty();
        var said = await answer.Content.ReadAsStringAsync();
        said.ShouldContain(words);
        return said;
    }

    private static HttpClient Browser(ConsoleHost host)
    {
        var browser = host.Browser();
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        return browser;
    }
}
