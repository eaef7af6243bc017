using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database.Identity;
using SmsAi.Tests.Platform.Shell;
using SmsAi.Web.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>A session lives in the database too: whoever ends it there ends it everywhere.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Signing_in_leaves_a_session_with_address_and_browser_and_signing_out_ends_it()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.UserAgent.ParseAdd("Lynx/2.9");
        await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password);
        const string Row = "select host(address) || ' ' || user_agent || ' ' || (ended_at is null) || ' ' || (second_factor_at is null) from operator_sessions";
        (await host.Database.ScalarAsync<string>(Row)).ShouldBe("127.0.0.1 Lynx/2.9 true true");

        await browser.PostAsync("/sign-out", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(browser, "/controls")));

        (await host.Database.ScalarAsync<string>(Row)).ShouldBe("127.0.0.1 Lynx/2.9 false true");
    }

    [Fact]
    public async Task Rows_of_sessions_leave_after_ninety_days_whosever_they_were()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var first = await host.SignedInAsync(OperatorRoles.Viewer);
        host.Time.Pass(TimeSpan.FromDays(91));

        using var second = await host.SignedInAsync(OperatorRoles.Owner);

        (await host.Database.ListAsync<string>("select o.email from operator_sessions s join operators o on o.id = s.operator_id")).ShouldBe(["owner@example.org"]);
    }

    [Fact]
    public async Task Cookie_that_was_copied_before_the_way_out_opens_nothing_afterwards()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Owner);
        using var thief = host.Browser(browser);
        (await thief.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await browser.PostAsync("/sign-out", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(browser, "/controls")));
        host.Time.Pass(TimeSpan.FromSeconds(2));

        (await thief.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Theory]
    [InlineData("update operator_sessions set ended_at = now()")]
    [InlineData("update operators set is_disabled = true")]
    [InlineData("delete from operators")]
    public async Task Ended_session_locked_or_removed_operator_loses_page_and_commands_within_seconds(string act)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Owner);
        var form = await ConsoleHost.FieldsAsync(browser, "/controls");
        await host.Database.ExecuteAsync(act);
        host.Time.Pass(TimeSpan.FromSeconds(2));

        (await browser.PostAsync("/stop-all", new FormUrlEncodedContent(form))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await host.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_screen_of_an_ended_session_is_told_and_has_no_right_any_more()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Owner);
        await browser.GetAsync("/controls");
        var session = (await host.Database.ScalarAsync<string>("select id from operator_sessions"))!;
        var person = new ClaimsPrincipal(new ClaimsIdentity(
            [new(ClaimTypes.Role, OperatorRoles.Owner), new(SessionClaimTypes.Session, session)], "cookie"));
        var watch = host.Services.GetRequiredService<SessionWatch>();
        var told = new List<string>();
        watch.Ended += told.Add;
        await watch.RunOnceAsync(CancellationToken.None);
        (await MayAsync(host, person)).ShouldBeTrue();

        await host.Database.ExecuteAsync("update operator_sessions set ended_at = now()");
        await watch.RunOnceAsync(CancellationToken.None);

        told.ShouldBe([session]);
        (await MayAsync(host, person)).ShouldBeFalse();
    }

    [Fact]
    public async Task Session_that_must_set_up_a_second_factor_opens_nothing_but_the_own_account()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Owner);
        var form = await ConsoleHost.FieldsAsync(browser, "/controls");
        await host.Database.ExecuteAsync("update operator_sessions set must_enrol = true");
        host.Time.Pass(TimeSpan.FromSeconds(2));

        (await browser.PostAsync("/stop-all", new FormUrlEncodedContent(form))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var page = await browser.GetAsync("/controls");
        page.StatusCode.ShouldBe(HttpStatusCode.Found);
        page.Headers.Location!.OriginalString.ShouldBe("/account");
        (await browser.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsync("/session", new FormUrlEncodedContent(form))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Open_screen_goes_after_thirty_minutes_of_which_its_browser_told_nothing()
    {
        await using var host = await ConsoleHost.StartAsync();
        var person = await SignedInPersonAsync(host);
        await using var circuit = host.Services.CreateAsyncScope();
        var screen = ScreenOf(circuit);

        host.Time.Pass(TimeSpan.FromMinutes(30));
        (await screen.MayStayAsync(person)).ShouldBeTrue();
        host.Time.Pass(TimeSpan.FromSeconds(1));
        (await screen.MayStayAsync(person)).ShouldBeFalse();
    }

    [Fact]
    public async Task Open_screen_somebody_uses_stays_thirty_minutes_from_her_last_stroke_and_twelve_hours_in_all()
    {
        await using var host = await ConsoleHost.StartAsync();
        var person = await SignedInPersonAsync(host);
        await using var circuit = host.Services.CreateAsyncScope();
        var screen = ScreenOf(circuit);
        var use = host.Services.GetRequiredService<SessionUse>();

        for (var minutes = 0; minutes < 12 * 60; minutes += 30)
        {
            host.Time.Pass(TimeSpan.FromMinutes(30));
            (await screen.MayStayAsync(person)).ShouldBeTrue();
            use.Note(SessionClaims.IdOf(person)!);
        }

        host.Time.Pass(TimeSpan.FromSeconds(1));
        (await screen.MayStayAsync(person)).ShouldBeFalse();
    }

    private static OperatorRevalidation ScreenOf(AsyncServiceScope circuit) => (OperatorRevalidation)circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();

    private static async Task<ClaimsPrincipal> SignedInPersonAsync(ConsoleHost host)
    {
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        await using var request = host.Services.CreateAsyncScope();
        var operators = request.ServiceProvider.GetRequiredService<UserManager<Operator>>();
        var person = await request.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<Operator>>().CreateAsync((await operators.FindByEmailAsync("mara@example.org"))!);
        ((ClaimsIdentity)person.Identity!).AddClaims(SessionClaims.New(host.Time.GetUtcNow()));
        return person;
    }

    private static async Task<bool> MayAsync(ConsoleHost host, ClaimsPrincipal person)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IAuthorizationService>().AuthorizeAsync(person, Rights.CanAdminister)).Succeeded;
    }
}
