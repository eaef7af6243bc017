using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Features.Access;

/// <summary>Signing in with a second factor, as a browser does it.</summary>
public sealed class SecondStepTests
{
    private const string Email = "mara@example.org";

    [Fact]
    public async Task Password_alone_opens_nothing_and_the_code_opens_the_page_that_was_asked_for()
    {
        await using var host = await ConsoleHost.StartAsync();
        var app = await EnrolledAsync(host);
        using var browser = host.Browser();

        var asked = await ConsoleHost.SignInAsync(browser, Email, ConsoleHost.Password, "/sign-in?back=%2Fcontrols");
        (await asked.Content.ReadAsStringAsync()).ShouldContain("Your second factor");
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await host.Database.ScalarAsync<long>("select count(*) from operator_sessions")).ShouldBe(0);

        var answer = await ShowAsync(browser, asked, app.CodeAt(host.Time.GetUtcNow()), "/sign-in?back=%2Fcontrols");
        answer.Headers.Location!.OriginalString.ShouldEndWith("/controls");
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Database.ScalarAsync<bool>("select second_factor_at > now() - interval '1 minute' from operator_sessions")).ShouldBeTrue();
    }

    [Fact]
    public async Task Code_that_was_seen_over_the_shoulder_works_no_second_time()
    {
        await using var host = await ConsoleHost.StartAsync();
        var app = await EnrolledAsync(host);
        using var mara = host.Browser();
        using var thief = host.Browser();
        var code = app.CodeAt(host.Time.GetUtcNow());

        await ShowAsync(mara, await ConsoleHost.SignInAsync(mara, Email, ConsoleHost.Password), code);
        var answer = await ShowAsync(thief, await ConsoleHost.SignInAsync(thief, Email, ConsoleHost.Password), code);

        (await WordsAsync(answer)).ShouldContain("doesn't fit, or was used before. 4 tries left.");
        (await thief.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Code_that_set_the_factor_up_does_not_sign_in_as_well()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync(Email, OperatorRoles.Owner);
        var app = await EnrolAsync(host, null);
        using var browser = host.Browser();

        var answer = await ShowAsync(browser, await ConsoleHost.SignInAsync(browser, Email, ConsoleHost.Password), app.CodeAt(host.Time.GetUtcNow()));

        (await WordsAsync(answer)).ShouldContain("doesn't fit, or was used before.");
        (await host.Database.ScalarAsync<long>("select count(*) from operator_sessions")).ShouldBe(0);
    }

    [Fact]
    public async Task Code_two_browsers_send_at_the_same_moment_opens_one_session()
    {
        await using var host = await ConsoleHost.StartAsync();
        await using var beside = await host.BesideAsync();
        var app = await EnrolledAsync(host);
        using var here = host.Browser();
        using var there = beside.Browser();
        var (askedHere, askedThere) = (await ConsoleHost.SignInAsync(here, Email, ConsoleHost.Password), await ConsoleHost.SignInAsync(there, Email, ConsoleHost.Password));
        var code = app.CodeAt(host.Time.GetUtcNow());

        var answers = await Task.WhenAll(ShowAsync(here, askedHere, code), ShowAsync(there, askedThere, code));

        answers.Select(answer => answer.StatusCode).ShouldBe([HttpStatusCode.Found, HttpStatusCode.OK], ignoreOrder: true);
        (await host.Database.ScalarAsync<long>("select count(*) from operator_sessions")).ShouldBe(1);
    }

    [Fact]
    public async Task Ticket_of_one_account_with_anothers_code_opens_neither()
    {
        await using var host = await ConsoleHost.StartAsync();
        await EnrolledAsync(host);
        await host.MakeOperatorAsync("jonas@example.org", OperatorRoles.Owner);
        var app = await EnrolAsync(host, null, "jonas@example.org");
        host.Time.Pass(TimeSpan.FromMinutes(1));
        using var browser = host.Browser();

        var answer = await ShowAsync(browser, await ConsoleHost.SignInAsync(browser, Email, ConsoleHost.Password), app.CodeAt(host.Time.GetUtcNow()));

        (await WordsAsync(answer)).ShouldContain("doesn't fit, or was used before. 4 tries left.");
        (await host.Database.ListAsync<int>("select access_failed_count from operators order by email")).ShouldBe([0, 1], "the try counts for the one whose ticket it is");
        (await host.Database.ScalarAsync<long>("select count(*) from operator_sessions")).ShouldBe(0);
    }

    [Fact]
    public async Task Session_begins_with_the_code_and_leaves_nothing_that_would_spare_it_next_time()
    {
        await using var host = await ConsoleHost.StartAsync();
        var app = await EnrolledAsync(host);
        using var browser = host.Browser();

        var asked = await ConsoleHost.SignInAsync(browser, Email, ConsoleHost.Password);
        host.CookiesOf(browser).Keys.ShouldBe(["smsai-form"]);
        await ShowAsync(browser, asked, app.CodeAt(host.Time.GetUtcNow()));
        host.CookiesOf(browser).Keys.ShouldBe(["smsai", "smsai-form"]);

        await browser.PostAsync("/sign-out", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(browser, "/controls")));
        (await (await ConsoleHost.SignInAsync(browser, Email, ConsoleHost.Password)).Content.ReadAsStringAsync()).ShouldContain("Your second factor");
    }

    [Fact]
    public async Task Whoever_has_the_password_guesses_five_codes_and_no_more_however_often_she_begins_again()
    {
        await using var host = await ConsoleHost.StartAsync();
        var app = await EnrolledAsync(host);
        using var thief = host.Browser();
        var said = new List<string>();
        for (var guess = 0; guess < 5; guess++)
            said.Add(await WordsAsync(await ShowAsync(thief, await ConsoleHost.SignInAsync(thief, Email, ConsoleHost.Password), "123456")));

        foreach (var (words, left) in said.Zip(["4 tries left", "3 tries left", "2 tries left", "1 try left", "No tries left"])) words.ShouldContain(left);
        (await WordsAsync(await ConsoleHost.SignInAsync(thief, Email, ConsoleHost.Password))).ShouldContain("Too many tries.");
        host.Time.Pass(TimeSpan.FromMinutes(15.1));
        var asked = await ConsoleHost.SignInAsync(thief, Email, ConsoleHost.Password);
        (await ShowAsync(thief, asked, app.CodeAt(host.Time.GetUtcNow()))).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Right_password_after_four_slips_is_not_the_slip_that_locks()
    {
        await using var host = await ConsoleHost.StartAsync();
        var app = await EnrolledAsync(host);
        using var browser = host.Browser();
        for (var slip = 0; slip < 4; slip++) await ConsoleHost.SignInAsync(browser, Email, "not the password");

        var asked = await ConsoleHost.SignInAsync(browser, Email, ConsoleHost.Password);

        (await ShowAsync(browser, asked, app.CodeAt(host.Time.GetUtcNow()))).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Theory]
    [InlineData(301, "update operators set access_failed_count = 0")]
    [InlineData(1, "update operators set password_hash = 'another'")]
    [InlineData(1, "update operators set is_disabled = true")]
    public async Task Ticket_of_the_first_step_is_worth_nothing_after_five_minutes_or_when_the_account_changed(int seconds, string meanwhile)
    {
        await using var host = await ConsoleHost.StartAsync();
        var app = await EnrolledAsync(host);
        using var browser = host.Browser();
        var asked = await ConsoleHost.SignInAsync(browser, Email, ConsoleHost.Password);

        await host.Database.ExecuteAsync(meanwhile);
        host.Time.Pass(TimeSpan.FromSeconds(seconds));

        (await WordsAsync(await ShowAsync(browser, asked, app.CodeAt(host.Time.GetUtcNow())))).ShouldContain("Begin again with e-mail and password.");
        (await host.Database.ScalarAsync<long>("select count(*) from operator_sessions")).ShouldBe(0);
    }

    [Fact]
    public async Task Code_without_a_ticket_of_ours_or_without_the_forms_token_is_refused()
    {
        await using var host = await ConsoleHost.StartAsync();
        var app = await EnrolledAsync(host);
        using var browser = host.Browser();
        var fields = await ConsoleHost.FieldsAsync(browser, "/sign-in");
        fields["_handler"] = "sign-in-code";
        fields["Code.Ticket"] = "made up";
        fields["Code.Code"] = app.CodeAt(host.Time.GetUtcNow());
        (await WordsAsync(await browser.PostAsync("/sign-in", new FormUrlEncodedContent(fields)))).ShouldContain("Begin again");

        fields.Remove("__RequestVerificationToken");
        (await browser.PostAsync("/sign-in", new FormUrlEncodedContent(fields))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Role_that_must_have_a_second_factor_is_led_to_set_it_up_and_nothing_else_opens_before()
    {
        await using var host = await ConsoleHost.StartAsync(("Access:SecondFactorRoles:0", "owner"));
        await host.MakeOperatorAsync(Email, OperatorRoles.Owner);
        await host.MakeOperatorAsync("jonas@example.org", OperatorRoles.Admin);
        using var owner = host.Browser();
        using var admin = host.Browser();

        (await ConsoleHost.SignInAsync(owner, Email, ConsoleHost.Password, "/sign-in?back=%2Fcontrols")).Headers.Location!.OriginalString.ShouldEndWith("/account");
        (await owner.GetAsync("/controls")).Headers.Location!.OriginalString.ShouldBe("/account");
        (await owner.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await ConsoleHost.SignInAsync(admin, "jonas@example.org", ConsoleHost.Password);
        (await admin.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await EnrolAsync(host, await host.Database.ScalarAsync<string>("select s.id from operator_sessions s join operators o on o.id = s.operator_id where o.email = $1", Email));
        host.Time.Pass(TimeSpan.FromSeconds(2));
        (await owner.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<Authenticator> EnrolledAsync(ConsoleHost host)
    {
        await host.MakeOperatorAsync(Email, OperatorRoles.Owner);
        var app = await EnrolAsync(host, null);
        host.Time.Pass(TimeSpan.FromMinutes(1));
        return app;
    }

    private static async Task<Authenticator> EnrolAsync(ConsoleHost host, string? session, string email = Email)
    {
        var factors = host.Services.GetRequiredService<SecondFactors>();
        var mara = new Actor("mara", await host.Database.ScalarAsync<long>("select id from operators where email = $1", email), OperatorRoles.Owner, null, session);
        var app = new Authenticator(((Proposal.Secret)await factors.ProposeAsync(ConsoleHost.Password, email, mara, default)).Text);
        (await factors.TurnOnAsync(app.CodeAt(host.Time.GetUtcNow()), mara, default)).ShouldNotBeNull();
        return app;
    }

    /// <summary>Fills the form the first step answered with, and sends it.</summary>
    private static async Task<HttpResponseMessage> ShowAsync(HttpClient browser, HttpResponseMessage asked, string code, string path = "/sign-in")
    {
        var fields = ConsoleHost.FieldsOf(await asked.Content.ReadAsStringAsync());
        fields["Code.Code"] = code;
        return await browser.PostAsync(path, new FormUrlEncodedContent(fields));
    }

    private static async Task<string> WordsAsync(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
}
