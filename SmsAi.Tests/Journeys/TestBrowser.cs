using Microsoft.Playwright;
using SmsAi.Tests.Journeys;

[assembly: AssemblyFixture(typeof(TestBrowser))]

namespace SmsAi.Tests.Journeys;

/// <summary>The one Chromium of a test run: started by the first test that asks, closed at the end. Each visitor has cookies of her own.</summary>
public sealed class TestBrowser : IAsyncDisposable
{
    private static readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> Shared = new(LaunchAsync);

    public static async Task<IBrowser> SharedAsync() => (await Shared.Value).Browser;

    public async ValueTask DisposeAsync()
    {
        if (!Shared.IsValueCreated)
            return;
        var (playwright, browser) = await Shared.Value;
        await browser.CloseAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright, IBrowser)> LaunchAsync()
    {
        var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable(),
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        return (playwright, browser);
    }

    private static string Executable() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append("/usr/bin")
            .Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("The journeys need chromium on PATH.");
}
