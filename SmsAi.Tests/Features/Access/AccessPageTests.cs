using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Shell.SecurityHeaders;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Access;

/// <summary>The pages about accounts, as an admin sees them.</summary>
public sealed class AccessPageTests : BunitContext, IAsyncLifetime
{
    private const string Nasty = "<img src=x onerror=alert(1)> مرحبا";
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private AccessHost _host = null!;
    private Actor _mara = null!;
    private Actor _jonas = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _mara = await _host.SignedInAsync("mara@example.org", OperatorRoles.Owner);
        _jonas = await _host.SignedInAsync("jonas@example.org", OperatorRoles.Admin);
        await _host.Database.ExecuteAsync("update operators set display_name = $1 where email = 'jonas@example.org'", Nasty);
        await _host.Database.ExecuteAsync("update operator_sessions set user_agent = '<script>alert(1)</script>' where operator_id = $1", _jonas.Id!.Value);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _host.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Accounts_and_invitations_are_listed_and_names_are_only_text()
    {
        await _host.Database.ExecuteAsync("update operators set is_disabled = true, two_factor_enabled = true where email = 'jonas@example.org'");
        await _host.Get<Invitations>().MakeAsync(OperatorRoles.Viewer, "=cmd|' /C calc'!A0", _mara with { Session = null }, default);
        As(_mara);

        var page = Render<AccessPage>();

        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(3), Patience);
        var jonas = page.FindAll("tbody tr").Single(row => row.TextContent.Contains("jonas@", StringComparison.Ordinal));
        jonas.QuerySelector("a")!.TextContent.ShouldBe(Nasty);
        jonas.TextContent.ShouldContain("Locked");
        jonas.TextContent.ShouldContain("On");
        page.FindAll("img, script").ShouldBeEmpty();
        page.FindAll("tbody tr")[2].TextContent.ShouldContain("=cmd|' /C calc'!A0");
        page.FindAll(".tag").Select(tag => tag.TextContent).ShouldBe(["You"]);
    }

    [Fact]
    public async Task Filters_are_in_the_address_and_leave_whom_they_name()
    {
        await _host.Get<Invitations>().MakeAsync(OperatorRoles.Viewer, "Ines", _mara with { Session = null }, default);
        await _host.Get<Invitations>().MakeAsync(OperatorRoles.Admin, "Olga", _mara with { Session = null }, default);
        As(_mara);
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("access?q=JONAS&state=nonsense");
        var page = Render<AccessPage>();

        page.WaitForAssertion(() => Emails(page).ShouldBe(["jonas@example.org"]), Patience);
        page.Find("input[type=search]").GetAttribute("value").ShouldBe("JONAS");
        page.Find("a.clear").GetAttribute("href").ShouldBe("access");
        navigation.NavigateTo("access");
        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(4), Patience);

        page.Find("select[aria-label=State]").Change("invited");
        page.WaitForAssertion(() => page.FindAll("tbody tr").Select(row => row.QuerySelector("td")!.TextContent).ShouldBe(["Ines", "Olga"], ignoreOrder: true), Patience);
        navigation.Uri.ShouldEndWith("access?state=invited");
        page.Find("select[aria-label=Role]").Change(OperatorRoles.Admin);
        page.WaitForAssertion(() => page.FindAll("tbody tr").Single().TextContent.ShouldContain("Olga"), Patience);
        page.Find("select[aria-label=State]").Change("locked");
        page.WaitForAssertion(() => page.Find(".empty .title").TextContent.ShouldBe("Nobody matches"), Patience);
        page.Find(".empty a").GetAttribute("href").ShouldBe("access");
    }

    [Fact]
    public async Task What_is_typed_is_looked_for_and_a_number_never_reaches_the_address()
    {
        As(_mara);
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("access");
        var page = Render<AccessPage>();
        page.WaitForAssertion(() => Emails(page).Length.ShouldBe(2), Patience);

        page.Find("input[type=search]").Input("+12025550123");
        await page.Find("form").SubmitAsync();
        navigation.Uri.ShouldEndWith("/access");
        page.Find("input[type=search]").Input("mara@");
        await page.Find("form").SubmitAsync();

        page.WaitForAssertion(() => Emails(page).ShouldBe(["mara@example.org"]), Patience);
        navigation.Uri.ShouldEndWith("access?q=mara@");
    }

    [Fact]
    public async Task Hundreds_are_shown_by_pages()
    {
        await _host.Database.ExecuteAsync("update operators set display_name = 'zz'");
        await _host.Database.ExecuteAsync("""
            insert into operators (user_name, normalized_user_name, email, normalized_email, display_name, security_stamp, concurrency_stamp)
            select n, n, 'n' || n || '@example.org', n, 'aaa ' || lpad(n::text, 3, '0'), 's', 'c' from generate_series(1, 120) n
            """);
        As(_mara);
        Services.GetRequiredService<NavigationManager>().NavigateTo("access");
        var page = Render<AccessPage>();

        page.WaitForAssertion(() => Emails(page).Length.ShouldBe(50), Patience);
        page.Find(".table-foot span").TextContent.ShouldBe("Rows 1 to 50 of 122");
        Services.GetRequiredService<NavigationManager>().NavigateTo(page.FindAll(".table-foot a")[1].GetAttribute("href")!);
        page.WaitForAssertion(() => Emails(page)[0].ShouldBe("n51@example.org"), Patience);
        Services.GetRequiredService<NavigationManager>().NavigateTo(page.FindAll(".table-foot a")[0].GetAttribute("href")!);
        page.WaitForAssertion(() => Emails(page)[0].ShouldBe("n1@example.org"), Patience);
    }

    [Fact]
    public async Task Locking_from_the_page_ends_the_sessions_and_unlocking_lets_in_again()
    {
        As(_mara);
        var page = OpenJonas();
        page.Find("td.medium").TextContent.ShouldContain("A browser");

        await Button(page, "Lock").ClickAsync(new());
        page.WaitForAssertion(() => page.Find(".aside").TextContent.ShouldContain("Locked"), Patience);
        (await _host.Database.ListAsync<string>("select id from operator_sessions where ended_at is null")).ShouldBe([_mara.Session!]);

        await Button(page, "Unlock").ClickAsync(new());
        page.WaitForAssertion(() => page.Find(".aside").TextContent.ShouldContain("May sign in"), Patience);
    }

    [Fact]
    public void Admin_sees_why_an_owners_account_is_not_hers_to_touch()
    {
        As(_jonas);
        var page = Render<OperatorPage>(p => p.Add(one => one.Id, _mara.Id!.Value));
        page.WaitForAssertion(() => page.FindAll("h1").ShouldNotBeEmpty(), Patience);

        foreach (var words in new[] { "Lock", "Remove…", "Change role…", "End all" })
        {
            Button(page, words).HasAttribute("disabled").ShouldBeTrue(words);
            Button(page, words).GetAttribute("title").ShouldBe("Only an owner acts on owners");
        }
    }

    [Fact]
    public void Ones_own_account_can_be_neither_locked_nor_removed()
    {
        As(_mara);
        var page = Render<OperatorPage>(p => p.Add(one => one.Id, _mara.Id!.Value));
        page.WaitForAssertion(() => page.FindAll("h1").ShouldNotBeEmpty(), Patience);

        Button(page, "Lock").GetAttribute("title").ShouldBe("Nobody locks or removes their own account");
        Button(page, "Remove…").HasAttribute("disabled").ShouldBeTrue();
        Button(page, "Change role…").HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    public void Account_that_is_gone_says_so()
    {
        As(_mara);
        var page = Render<OperatorPage>(p => p.Add(one => one.Id, 424242));

        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("There is no such account"), Patience);
    }

    [Fact]
    public async Task Link_is_shown_once_and_the_list_never_shows_it()
    {
        As(_mara);
        var dialog = Render<InviteDialog>();
        dialog.Find("#invite-label").Change("Ines");
        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => dialog.Find("#invite-link").TextContent.ShouldStartWith("http://localhost/join#"), Patience);
        var token = dialog.Find("#invite-link").TextContent.Split('#')[1];
        token.Length.ShouldBe(43);
        var page = Render<AccessPage>();
        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(3), Patience);
        page.Markup.ShouldNotContain(token);
    }

    private static string[] Emails(IRenderedComponent<AccessPage> page) =>
        [.. page.FindAll("section[aria-label=Accounts] td.muted").Select(cell => cell.TextContent)];

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<OperatorPage> page, string words) =>
        page.FindAll("button").Single(button => button.TextContent == words);

    private IRenderedComponent<OperatorPage> OpenJonas()
    {
        var page = Render<OperatorPage>(p => p.Add(one => one.Id, _jonas.Id!.Value));
        page.WaitForAssertion(() => page.FindAll("td.medium").ShouldNotBeEmpty(), Patience);
        return page;
    }

    private void As(Actor who)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton<TimeProvider>(_host.Time).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<DialogService>().AddScoped<ClientAddress>();
        Services.AddSingleton(_host.Get<Accounts>()).AddSingleton(_host.Get<Invitations>()).AddSingleton(_host.Get<OperatorSessions>()).AddActing(_host.Database).AddScoped<AccessDesk>().AddTransient<AccessModel>();
        Services.AddSingleton(Options.Create(new PublicAddress()));
        this.AddAuthorization().SetAuthorized(who.Name).SetRoles(who.Role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(who.Role)).Select(right => right.Key)])
            .SetClaims(new(ClaimTypes.NameIdentifier, $"{who.Id}"), new(SessionClaimTypes.Session, who.Session!));
    }
}
