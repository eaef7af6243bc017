using Microsoft.Playwright;

namespace SmsAi.Tests.Journeys;

/// <summary>Every page, wide and narrow, light and dark: it stands, fits, and its browser has nothing to complain about.</summary>
/// <remarks>With <c>SMSAI_SHOTS=folder</c> each page is also photographed into that folder.</remarks>
[Collection(PageJourneyCollection.Name)]
public sealed class PagesJourney(RunningService running) : IClassFixture<RunningService>
{
    private static readonly string? Shots = Environment.GetEnvironmentVariable("SMSAI_SHOTS");

    private static readonly Dictionary<string, string> Heads = new()
    {
        ["/"] = "Overview",
        ["/conversations"] = "Conversations",
        ["/messages"] = "Messages",
        ["/users"] = "Users",
        ["/tiers"] = "Tiers",
        ["/controls"] = "Controls",
        ["/controls/blocked"] = "Blocked numbers",
        ["/account"] = "Your account",
        ["/access"] = "Access",
        ["/audit"] = "Audit trail",
        ["/phone"] = "Phone",
        ["/errors"] = "Errors",
        ["/jobs"] = "Jobs",
        ["/settings"] = "Settings",
        ["/system"] = "System",
        ["/sign-in"] = "Sign in",
        ["/set-up"] = "Already set up",
        ["/join"] = "Make your account",
        ["/fault"] = "This page couldn't be made",
        ["/not-found"] = "There is no such page",
        ["/nowhere"] = "There is no such page",
    };

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Every_page_stands_and_fits(int width)
    {
        var pages = await EveryPage.FindAsync(running.Service);
        await using var stranger = await Visitor.ComeAsync(running.Service.App, width, height: 900);
        foreach (var page in pages.Where(page => page.IsOpen))
            await LookAsync(stranger, page.Path, width);
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password, width, height: 900);
        foreach (var path in pages.Where(page => !page.IsOpen).Select(page => page.Path).Append("/nowhere"))
            await LookAsync(owner, path, width);
        stranger.Complaints.ShouldBeEmpty();
        stranger.Failures.ShouldBeEmpty();
        owner.Complaints.ShouldBeEmpty();
        owner.Failures.ShouldBe(["404 /nowhere"]);
    }

    private static async Task LookAsync(Visitor visitor, string path, int width)
    {
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await visitor.Page.GotoAsync(path);
        await visitor.ReadyAsync();
        var head = await visitor.Page.Locator("h1").TextContentAsync() ?? "";
        if (Heads.TryGetValue(path, out var expected))
            head.ShouldBe(expected, path);
        else
            head.ShouldNotStartWith("There is no such", Case.Sensitive, path);
        await FitsAsync(visitor, path, width, "light");
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visitor.Page.Locator("html[data-theme=dark]").WaitForAsync();
        await FitsAsync(visitor, path, width, "dark");
    }

    private static async Task FitsAsync(Visitor visitor, string path, int width, string theme)
    {
        if (Shots is { Length: > 0 } folder)
        {
            var name = $"{(path == "/" ? "overview" : string.Join('-', path[1..].Split('/', '?', '=')))}-{theme}-{width}.png";
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name), FullPage = true });
        }

        // What is wider than its place, named, so that the fault is found.
        var tooWide = await visitor.Page.EvaluateAsync<string[]>(
            """
            width => document.documentElement.scrollWidth <= width ? []
              : [...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > width + 0.5).map(one => `${one.tagName} ${one.className}`)
            """, width);
        tooWide.ShouldBeEmpty($"{path}, {theme}, is wider than its window");
        var overlapping = await visitor.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('.figure dt, .figure dd.value, .button, .page-head h1')].filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
              .map(one => one.textContent.trim())
            """);
        overlapping.ShouldBeEmpty($"{path}, {theme}, has words wider than their place");
    }
}
