using System.Net;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Shell;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>The trail as an auditor sees it.</summary>
public sealed class AuditPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Open_row_shows_what_changed_who_did_it_and_how_it_is_bound()
    {
        await _database.AppendAsync("access.signed_in", "operator:9");
        await _database.AppendAsync("tier.change", "tier:3", """{"before": {"perMonth": 1200}, "after": {"perMonth": 1500}, "reason": "Launch <b>week</b>"}""");

        var page = Open("audit?row=2");

        Acts(page).ShouldBe(["Changed a tier", "Signed in"]);
        page.FindAll(".unfolded .diff > div").Select(line => line.TextContent.Trim().Replace("\n", "", StringComparison.Ordinal)).Count().ShouldBe(3);
        page.Find(".minus .value").TextContent.ShouldBe("1200");
        page.Find(".plus .value").TextContent.ShouldBe("1500");
        page.FindAll("b").ShouldAllBe(bold => bold.TextContent != "week", "a reason is text, never markup");
        page.Find(".trail .text").TextContent.ShouldBe("Launch <b>week</b>");
        page.Find(".unfolded").TextContent.ShouldContain("10.20.0.31");
        page.Find(".unfolded").TextContent.ShouldContain("Vera, Auditor at the time");
        var (hash, previous) = (await HashAsync(2), await HashAsync(1));
        page.FindAll(".unfolded code[title]").Select(code => code.GetAttribute("title")).ShouldContain(hash);
        page.FindAll(".unfolded code[title]").Select(code => code.GetAttribute("title")).ShouldContain(previous);
        page.Find(".trail .is-open a").GetAttribute("href")!.ShouldNotContain("row=");
    }

    [Fact]
    public async Task Choosing_a_filter_is_in_the_address_and_leaves_only_what_fits()
    {
        await _database.FillAsync(12);
        var page = Open("audit?before=9&row=3");

        page.Find("select[aria-label=Who]").Change("Mara");

        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("audit?who=Mara", Case.Sensitive), Patience);
        page.WaitForAssertion(() => page.FindAll(".trail .who").Select(cell => cell.TextContent).ShouldBe(["Mara", "Mara", "Mara", "Mara"]), Patience);
        page.Find(".count").TextContent.ShouldBe("4 rows");
    }

    [Fact]
    public async Task Older_and_newer_lead_through_the_whole_trail()
    {
        await _database.FillAsync(AuditModel.PageSize + 5);
        var page = Open("audit");
        Foot(page, "Newer").HasAttribute("href").ShouldBeFalse();

        Services.GetRequiredService<NavigationManager>().NavigateTo(Foot(page, "Older").GetAttribute("href")!);

        page.WaitForAssertion(() => Acts(page).Count.ShouldBe(5), Patience);
        Foot(page, "Older").HasAttribute("href").ShouldBeFalse();
        Services.GetRequiredService<NavigationManager>().NavigateTo(Foot(page, "Newer").GetAttribute("href")!);
        page.WaitForAssertion(() => Acts(page).Count.ShouldBe(AuditModel.PageSize), Patience);
    }

    [Fact]
    public async Task Verifying_says_what_is_broken_and_the_next_visitor_reads_it_too()
    {
        await _database.FillAsync(20);
        await _database.TamperAsync("update audit set actor = 'Nobody' where id = 7");
        var page = Open("audit");
        page.Find(".note").TextContent.ShouldContain("never verified");

        page.FindAll("button").Single(button => button.TextContent == "Verify chain").Click();

        page.WaitForAssertion(() => page.Find(".note.stop").TextContent.ShouldContain("Row 7 was altered: its fields don't fit its hash."), Patience);
        page.Find(".note.stop a").GetAttribute("href")!.ShouldEndWith("audit?row=7");
        Acts(page)[0].ShouldBe("Verified the chain");
        await DisposeComponentsAsync();
        var next = Render<AuditPage>();
        next.WaitForAssertion(() => next.Find(".note.stop").TextContent.ShouldContain("Row 7 was altered"), Patience);
    }

    [Fact]
    public void Files_hold_what_the_filters_leave()
    {
        var page = Open("audit?who=Mara&from=2026-03-01&to=2026-03-02");

        page.FindAll("a[download]").Select(link => new Uri(link.GetAttribute("href")!).PathAndQuery).ShouldBe(
        [
            "/audit/export.csv?from=2026-03-01T00%3A00%3A00Z&until=2026-03-03T00%3A00%3A00Z&who=Mara",
            "/audit/export.json?from=2026-03-01T00%3A00%3A00Z&until=2026-03-03T00%3A00%3A00Z&who=Mara",
        ]);
    }

    [Fact]
    public void Empty_trail_says_what_will_stand_there()
    {
        var page = Open("audit");

        page.Find(".empty .title").TextContent.ShouldBe("Nothing in the last 30 days");
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer, HttpStatusCode.Forbidden)]
    [InlineData(OperatorRoles.Operator, HttpStatusCode.Forbidden)]
    [InlineData(OperatorRoles.Auditor, HttpStatusCode.OK)]
    [InlineData(OperatorRoles.Admin, HttpStatusCode.OK)]
    public async Task Only_those_with_the_right_may_open_it(string role, HttpStatusCode expected)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(role);

        (await browser.GetAsync("/audit")).StatusCode.ShouldBe(expected);
    }

    private static List<string> Acts(IRenderedComponent<AuditPage> page) => [.. page.FindAll(".trail .act a").Select(act => act.TextContent)];

    private static AngleSharp.Dom.IElement Foot(IRenderedComponent<AuditPage> page, string words) =>
        page.FindAll(".table-foot a").Single(link => link.TextContent == words);

    private Task<string?> HashAsync(long id) => _database.ScalarAsync<string>("select encode(hash, 'hex') from audit where id = $1", id);

    private IRenderedComponent<AuditPage> Open(string path)
    {
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<ClientAddress>();
        Services.AddTransient(_ => new AuditModel(new AuditReader(_database.Databases), HandTrail.Check(_database), new AuditCopies(_database.Databases)));
        this.AddAuthorization().SetAuthorized("Vera").SetRoles(OperatorRoles.Auditor).SetPolicies(Rights.CanRead, Rights.CanReadAudit);
        Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        var page = Render<AuditPage>();
        page.WaitForAssertion(() => page.FindAll(".filters").ShouldNotBeEmpty(), Patience);
        return page;
    }
}
