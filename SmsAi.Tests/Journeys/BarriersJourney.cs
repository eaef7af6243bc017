using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Journeys;

/// <summary>Every page there is, found by its route, wide in light and dark, narrow in light: axe finds nothing serious or critical on it.</summary>
[Collection(JourneyCollection.Name)]
public sealed partial class BarriersJourney(RunningService running) : IClassFixture<RunningService>
{
    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe", "axe.min.js")));

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task No_page_has_a_serious_barrier(int width)
    {
        await FillAsync();
        var samples = await SamplesAsync();
        var pages = typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>().Select(route => (Type: type, Path: Filled(route.Template, samples)))).ToList();
        pages.Count.ShouldBeGreaterThan(15);
        var found = new List<string>();

        await using var stranger = await Visitor.ComeAsync(running.Service.App, width);
        foreach (var (_, path) in pages.Where(page => page.Type.IsDefined(typeof(AllowAnonymousAttribute))))
            await CheckAsync(stranger, path, found);
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password, width);
        foreach (var (_, path) in pages.Where(page => !page.Type.IsDefined(typeof(AllowAnonymousAttribute))))
            await CheckAsync(owner, path, found);
        foreach (var tab in (string[])["messages", "tasks", "errors", "consent", "notes"])
            await CheckAsync(owner, $"/users/{samples["users"]}?tab={tab}", found);

        found.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_opens_over_a_page_has_no_serious_barrier()
    {
        await FillAsync();
        var samples = await SamplesAsync();
        var found = new List<string>();
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
        var page = owner.Page;
        await owner.GoAsync($"/users/{samples["users"]}");
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
        foreach (var act in (string[])["Edit…", "Change tier…", "Block…"])
        {
            await page.GetByRole(AriaRole.Button, new() { Name = act }).First.ClickAsync();
            await page.Locator(".rz-dialog .dialog-foot").WaitForAsync();
            await LookAsync(page, act, found);
            await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
            await page.Locator(".rz-dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        }

        found.ShouldBeEmpty();
    }

    private static string Filled(string template, IReadOnlyDictionary<string, long> samples)
    {
        var path = "/" + template.TrimStart('/');
        return Parameter().Replace(path, _ => samples[path.Split('/')[1]].ToString(CultureInfo.InvariantCulture));
    }

    private async Task<Dictionary<string, long>> SamplesAsync() => new()
    {
        ["ledger"] = await running.Service.Database.ScalarAsync<long>("select min(id) from conversations"),
        ["conversations"] = await running.Service.Database.ScalarAsync<long>("select min(id) from conversations"),
        ["access"] = await running.Service.Database.ScalarAsync<long>("select min(id) from operators"),
        ["users"] = await running.Service.Database.ScalarAsync<long>("select min(id) from users"),
        ["messages"] = await running.Service.Database.ScalarAsync<long>("select max(id) from messages where direction = 'in'"),
    };

    private async Task FillAsync()
    {
        if (running.Service.Driver.Log.Count > 0)
            return;
        await running.Service.Driver.CrowdAsync(() => running.Service.App, people: 3, each: 2);
        await running.Service.IdleAsync();
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

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
