using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>Every page, wide and narrow, light and dark: it stands, fits, and its browser has nothing to complain about.</summary>
/// <remarks>With <c>SMSAI_SHOTS=folder</c> each page is also photographed into that folder.</remarks>
[Collection(JourneyCollection.Name)]
public sealed class PagesJourney(RunningService running) : IClassFixture<RunningService>
{
    private static readonly string? Shots = Environment.GetEnvironmentVariable("SMSAI_SHOTS");

    [Theory]
    [InlineData(1440, false)]
    [InlineData(1440, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public async Task Every_page_stands_and_fits(int width, bool dark)
    {
        await FillAsync();
        var message = await running.Service.Database.ScalarAsync<long>("select max(id) from messages where direction = 'in'");
        await using var owner = await Visitor.ComeAsync(running.Service.App, width, height: 900, dark);
        await LookAsync(owner, "/sign-in", "Sign in", width, dark);
        await LookAsync(owner, "/set-up", "Already set up", width, dark);
        await owner.SignInAsync(Service.OwnerEmail, Operators.Password);
        await owner.LiveAsync();
        foreach (var (path, head) in ((string, string)[])
            [("/", "Overview"), ("/controls", "Controls"), ("/phone", "Phone"), ($"/messages/{message}", ""), ("/system-check", "System check"), ("/nowhere", "")])
            await LookAsync(owner, path, head, width, dark);
        owner.Complaints.ShouldBeEmpty();
    }

    private async Task FillAsync()
    {
        if (running.Service.Driver.Log.Count > 0)
            return;
        await running.Service.Driver.CrowdAsync(() => running.Service.App, people: 6, each: 2);
        await running.Service.IdleAsync();
    }

    private static async Task LookAsync(Visitor visitor, string path, string head, int width, bool dark)
    {
        await visitor.Page.GotoAsync(path);
        var title = visitor.Page.Locator("h1");
        await Until.TrueAsync(() => title.IsVisibleAsync(), $"{path} has a title");
        if (head.Length > 0)
            (await title.InnerTextAsync()).ShouldBe(head);
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        if (Shots is { Length: > 0 } folder)
        {
            var name = $"{(path == "/" ? "overview" : path.Split('/')[1])}-{width}-{(dark ? "dark" : "light")}.png";
            await visitor.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name), FullPage = true });
        }

        var wide = await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        wide.ShouldBeLessThanOrEqualTo(width, $"{path} is wider than its window");
    }
}
