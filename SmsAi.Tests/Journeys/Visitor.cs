using System.Collections.Concurrent;
using Microsoft.Playwright;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>Somebody at a browser of her own. What the page complained about is kept.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private Type? _shown;

    private Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => _complaints.Enqueue("error: " + error);
        page.Console += (_, message) =>
        {
            // A status we provoke is not the page's fault.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _complaints.Enqueue("console: " + message.Text);
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                _failures.Enqueue($"{response.Status} {new Uri(response.Url).AbsolutePath}");
        };
        page.RequestFailed += (_, request) =>
        {
            // Whoever leaves a page gives up what it still asked for.
            if (request.Failure != "net::ERR_ABORTED")
                _failures.Enqueue($"{request.Failure} {new Uri(request.Url).AbsolutePath}");
        };
    }

    public IPage Page { get; }

    /// <summary>Script errors and refusals of the content policy.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>What the page asked for and did not get.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    public static async Task<Visitor> ComeAsync(AppProcess app, int width = 1440, int height = 900, bool dark = false, string? userAgent = null)
    {
        var browser = await TestBrowser.SharedAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            // The link it prints says localhost, and cookies belong to a name.
            BaseURL = app.Address.ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "Europe/Zurich",
            Locale = "en-GB",
            UserAgent = userAgent,
        });
        context.SetDefaultTimeout(60_000);
        return new Visitor(context, await context.NewPageAsync());
    }

    public static async Task<Visitor> SignedInAsync(AppProcess app, string email, string password, int width = 1440, int height = 900, bool dark = false)
    {
        var visitor = await ComeAsync(app, width, height, dark);
        await visitor.SignInAsync(email, password);
        await visitor.LiveAsync();
        return visitor;
    }

    /// <summary>Fills the sign-in form and sends it.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.Locator("#password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Goes to a page behind the sign-in and waits until it is live.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await LiveAsync();
    }

    /// <summary>Follows a link to a page of the console; types its address where the same component draws what she sees already.</summary>
    internal async Task FollowAsync(PlacedPage page, string question = "")
    {
        var (path, isAnother) = (page.Path + question, _shown is { } shown && shown != page.Component);
        _shown = page.Component;
        if (!isAnother)
        {
            await Page.GotoAsync(path);
            return;
        }

        // The circuit stays, so the old page's head is still there until the new one is drawn.
        await Page.EvaluateAsync("path => { document.querySelectorAll('h1').forEach(head => head.dataset.left = ''); Blazor.navigateTo(path); }", path);
        await Page.Locator("h1:not([data-left])").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>The frame of the console is drawn by the circuit, so it stands when the circuit does.</summary>
    public Task LiveAsync() => Page.Locator("header.rail").WaitForAsync();

    /// <summary>The page has its head and what it reads first, in its own letters.</summary>
    public async Task ReadyAsync()
    {
        await Page.Locator("h1").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Page.WaitForFunctionAsync("() => document.readyState === 'complete' && document.fonts.status === 'loaded' && !document.querySelector('.skeleton')");
    }

    public Task SeesAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
