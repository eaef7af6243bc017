using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmsAi.Tests.Features.Access;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>Every page there is, found by its route, wide in light and dark, narrow in light: axe finds nothing serious or critical on it.</summary>
[Collection(PageJourneyCollection.Name)]
public sealed partial class BarriersJourney(RunningService running) : IClassFixture<RunningService>
{
    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe", "axe.min.js")));

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task No_page_has_a_serious_barrier(int width)
    {
        var pages = await EveryPage.FindAsync(running.Service);
        var found = new List<string>();

        await using var stranger = await Visitor.ComeAsync(running.Service.App, width);
        foreach (var page in pages.Where(page => page.IsOpen))
            await CheckAsync(stranger, page.Path, found);

        // From page to page by links: each start of the console from nothing takes as long as the look at it, and the other journeys do that.
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password, width);
        foreach (var page in pages.Where(page => !page.IsOpen))
        {
            await owner.FollowAsync(page);
            await owner.ReadyAsync();
            await LookAsync(owner.Page, page.Path, found);
        }

        found.ShouldBeEmpty();
        stranger.Complaints.Concat(owner.Complaints).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_opens_over_a_page_has_no_serious_barrier()
    {
        var person = (await EveryPage.FindAsync(running.Service)).Single(page => PersonPath().IsMatch(page.Path)).Path;
        var found = new List<string>();
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
        var page = owner.Page;
        await owner.GoAsync(person);
        await page.Locator("h1").WaitForAsync();

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("au");
        await page.Locator("#palette-list[data-for=au]").WaitForAsync();
        await LookAsync(page, "palette", found);
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#palette").WaitForAsync(new() { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("?");
        await page.Locator("#keys-help").WaitForAsync();
        await LookAsync(page, "keys", found);
        await page.Keyboard.PressAsync("Escape");
        await OpenEachAsync(page, found, "Edit…", "Change tier…", "Block…");
        await RevealAsync(page, found);
        await owner.GoAsync("/controls");
        await OpenEachAsync(page, found, "Pause…", "Turn off…", "Schedule a pause…", "Add…", "Block a number…");
        await owner.GoAsync("/api-keys");
        await MakeKeyAsync(page, found);

        found.ShouldBeEmpty();
        owner.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stopped_and_a_paused_console_have_no_serious_barrier()
    {
        var found = new List<string>();
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
        var (page, rail) = (owner.Page, owner.Page.Locator("header.rail"));
        await rail.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).ClickAsync();
        await page.Locator("#pause-reason").FillAsync("Carrier maintenance");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause answers" }).ClickAsync();
        await rail.GetByText("Paused").First.WaitForAsync();
        await LookEverywhereAsync(owner, "paused", found);
        await ResumeAsync(page, found);

        await rail.GetByRole(AriaRole.Button, new() { Name = "Stop all" }).ClickAsync();
        await rail.GetByText("Stopped").First.WaitForAsync();
        await LookEverywhereAsync(owner, "stopped", found);
        await ResumeAsync(page, found);

        found.ShouldBeEmpty();
        owner.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_ways_in_have_no_serious_barrier()
    {
        const string mara = "mara@example.org";
        var found = new List<string>();
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
        await owner.GoAsync("/access");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Invite…" }).ClickAsync();
        await owner.Page.Locator("#invite-label").FillAsync("Mara");
        await LookAsync(owner.Page, "Invite…", found);
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        await owner.Page.Locator("#invite-link").WaitForAsync();
        await LookAsync(owner.Page, "the link of an invitation", found);

        await using var guest = await Visitor.ComeAsync(running.Service.App);
        var link = new Uri(await owner.Page.Locator("#invite-link").InputValueAsync());
        await CheckAsync(guest, link.AbsolutePath + link.Fragment, found);
        await Operators.AddAsync(running.Service.Database, mara, "Admin");
        await guest.SignInAsync(mara, Operators.Password);
        await guest.LiveAsync();
        await EnrolAsync(guest, found);

        await using var again = await Visitor.ComeAsync(running.Service.App);
        await again.SignInAsync(mara, Operators.Password);
        await again.Page.Locator("#code").WaitForAsync();
        await LookAsync(again.Page, "the second step", found);
        await again.Page.Locator("#code").FillAsync("000000");
        await again.Page.Locator("#code").PressAsync("Enter");
        await again.Page.Locator("#code[aria-invalid=true]").WaitForAsync();
        await LookAsync(again.Page, "the second step, refused", found);

        found.ShouldBeEmpty();
        owner.Complaints.Concat(guest.Complaints).Concat(again.Complaints).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_owners_link_has_no_serious_barrier()
    {
        var found = new List<string>();
        await using var service = await Service.SandboxAsync();
        await Until.TrueAsync(() => SetUpLink().IsMatch(service.App.Output), "the program prints the link");
        await using var mara = await Visitor.ComeAsync(service.App);
        await CheckAsync(mara, SetUpLink().Match(service.App.Output).Value, found);
        found.ShouldBeEmpty();
        mara.Complaints.ShouldBeEmpty();
    }

    private static async Task OpenEachAsync(IPage page, List<string> found, params string[] acts)
    {
        foreach (var act in acts)
        {
            await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = act, Exact = true }).First.ClickAsync();
            await page.Locator(".rz-dialog .dialog-foot").WaitForAsync();
            await LookAsync(page, act, found);
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
            await page.Locator(".rz-dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }
    }

    private static async Task RevealAsync(IPage page, List<string> found)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal…" }).ClickAsync();
        await page.Locator("#reveal-reason").FillAsync("They ask for a call");
        await LookAsync(page, "Reveal…", found);
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal the number" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change name and email" }).ClickAsync();
        await page.Locator("#contact-name").WaitForAsync();
        await LookAsync(page, "a revealed number, name and email", found);
    }

    private static async Task MakeKeyAsync(IPage page, List<string> found)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Create a key…" }).First.ClickAsync();
        await page.Locator("#key-name").FillAsync("Reports");
        await LookAsync(page, "Create a key…", found);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the key" }).ClickAsync();
        await page.Locator("code.secret").WaitForAsync();
        await LookAsync(page, "a key, shown once", found);
    }

    private static async Task LookEverywhereAsync(Visitor visitor, string condition, List<string> found)
    {
        foreach (var path in (string[])["/", "/controls", "/controls/history"])
        {
            await visitor.GoAsync(path);
            await visitor.ReadyAsync();
            await LookAsync(visitor.Page, $"{path}, {condition}", found);
        }
    }

    private static async Task ResumeAsync(IPage page, List<string> found)
    {
        await page.Locator("header.rail").GetByRole(AriaRole.Button, new() { Name = "Resume…" }).ClickAsync();
        await page.Locator("#resume-reason").FillAsync("Done");
        await LookAsync(page, "Resume…", found);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume answers" }).ClickAsync();
        await page.Locator("header.rail").GetByText("Live", new() { Exact = true }).WaitForAsync();
    }

    private static async Task EnrolAsync(Visitor visitor, List<string> found)
    {
        var page = visitor.Page;
        await visitor.GoAsync("/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up…" }).ClickAsync();
        await page.Locator("#enrol-password").FillAsync(Operators.Password);
        await LookAsync(page, "Set up…", found);
        await page.Locator("#enrol-password").PressAsync("Enter");
        var app = new Authenticator((await page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal));
        await LookAsync(page, "the key of a second factor", found);
        await page.Locator("#enrol-code").FillAsync(app.CodeAt(DateTimeOffset.UtcNow));
        await page.Locator("#enrol-code").PressAsync("Enter");
        await page.Locator("ol.codes").WaitForAsync();
        await LookAsync(page, "recovery codes", found);
    }

    private static async Task CheckAsync(Visitor visitor, string path, List<string> found)
    {
        var page = visitor.Page;
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.GotoAsync(path);
        await visitor.ReadyAsync();
        await LookAsync(page, path, found);
    }

    /// <summary>Wide and light with every rule; dark, which has other colours and nothing else, with those about colour; narrow, which has the same colours, with the others.</summary>
    private static async Task LookAsync(IPage page, string what, List<string> found)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync(Axe.Value);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.Locator("html[data-theme=light]").WaitForAsync();
        var isNarrow = page.ViewportSize!.Width < 1000;
        await RunAsync(page, what + ", light", isNarrow ? "{ resultTypes: ['violations'], rules: { 'color-contrast': { enabled: false } } }" : "{ resultTypes: ['violations'] }", found);
        if (isNarrow)
            return;
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.Locator("html[data-theme=dark]").WaitForAsync();
        await RunAsync(page, what + ", dark", "{ resultTypes: ['violations'], runOnly: ['color-contrast'] }", found);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    private static async Task RunAsync(IPage page, string what, string options, List<string> found)
    {
        // Not during the fade from one theme to the other.
        await page.EvaluateAsync("() => Promise.all(document.getAnimations().map(one => one.finished.catch(() => 0)))");
        var violations = await page.EvaluateAsync<JsonElement>($$"""
            async () => (await axe.run(document, {{options}})).violations.filter(one => one.impact === 'serious' || one.impact === 'critical')
              .flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? one.help})`))
            """);
        found.AddRange(violations.EnumerateArray().Select(one => $"{what}: {one.GetString()}"));
    }

    [GeneratedRegex(@"^/users/\d+$")]
    private static partial Regex PersonPath();

    [GeneratedRegex(@"http\S+/set-up#\S+")]
    private static partial Regex SetUpLink();
}
