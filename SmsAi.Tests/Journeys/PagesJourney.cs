using Microsoft.Playwright;

namespace SmsAi.Tests.Journeys;

/// <summary>Every page, wide and narrow, light and dark: it stands, fits, and its browser has nothing to complain about.</summary>
/// <remarks>With <c>SMSAI_SHOTS=folder</c> each page is also photographed into that folder.</remarks>
[Collection(JourneyCollection.Name)]
public sealed class PagesJourney(RunningService running) : IClassFixture<RunningService>
{
    private static readonly string? Shots = Environment.GetEnvironmentVariable("SMSAI_SHOTS");

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Every_page_stands_and_fits(int width)
    {
        await FillAsync();
        var message = await running.Service.Database.ScalarAsync<long>("select max(id) from messages where direction = 'in'");
        await using var owner = await Visitor.ComeAsync(running.Service.App, width, height: 900);
        await LookAsync(owner, "/sign-in", "Sign in", width);
        await LookAsync(owner, "/set-up", "Already set up", width);
        await owner.SignInAsync(Service.OwnerEmail, Operators.Password);
        await owner.LiveAsync();
        foreach (var (path, head) in ((string, string)[])
            [("/", "Overview"), ("/conversations", "Conversations"), ("/users", "Users"), ("/tiers", "Tiers"), ("/controls", "Controls"), ("/account", "Your account"), ("/access", "Access"), ("/access/1", ""), ("/phone", "Phone"), ($"/messages/{message}", ""), ("/errors", "Errors"), ("/jobs", "Jobs"), ("/settings", "Settings"), ("/system", "System"), ("/system/webhooks", "System"), ("/system/check", "System"), ("/nowhere", "There is no such page")])
            await LookAsync(owner, path, head, width);
        owner.Complaints.ShouldBeEmpty();
        owner.Failures.ShouldBe(["404 /nowhere"]);
    }

    private async Task FillAsync()
    {
        if (running.Service.Driver.Log.Count > 0)
            return;
        await running.Service.Driver.CrowdAsync(() => running.Service.App, people: 6, each: 2);
        await running.Service.IdleAsync();
    }

    private static async Task LookAsync(Visitor visitor, string path, string head, int width)
    {
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await visitor.Page.GotoAsync(path);
        var title = visitor.Page.Locator("h1");
        await title.WaitForAsync();
        if (head.Length > 0)
            (await title.InnerTextAsync()).ShouldBe(head);
        await visitor.ReadyAsync();
        await FitsAsync(visitor, path, width, "light");
        await visitor.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await visitor.Page.Locator("html[data-theme=dark]").WaitForAsync();
        await FitsAsync(visitor, path, width, "dark");
    }

    private static async Task FitsAsync(Visitor visitor, string path, int width, string theme)
    {
        if (Shots is { Length: > 0 } folder)
        {
            var name = $"{(path == "/" ? "overview" : path.Split('/')[1])}-{theme}-{width}.png";
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
