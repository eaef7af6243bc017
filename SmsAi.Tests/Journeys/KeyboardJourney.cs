using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>Pausing, stopping and finding who did it, without a mouse.</summary>
[Collection(PageJourneyCollection.Name)]
public sealed class KeyboardJourney : IAsyncLifetime
{
    private const int MostTabs = 120;

    private Service _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await Service.StartAsync();
        await Operators.AddAsync(_service.Database, "admin@example.org", "Admin");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Keyboard_alone_pauses_stops_and_finds_it_in_the_trail()
    {
        await using var mara = await Visitor.SignedInAsync(_service.App, "admin@example.org", Operators.Password);
        var (page, keys) = (mara.Page, mara.Page.Keyboard);
        await mara.GoAsync("/controls");

        await TabToAsync(page, "main button", "Pause…");
        await keys.PressAsync("Enter");
        await mara.SeesAsync("Texts are still taken and kept.");
        await page.WaitForFunctionAsync("() => document.activeElement.closest('.rz-dialog-content') !== null");
        await TabToAsync(page, "#pause-reason", "");
        await keys.TypeAsync("Carrier maintenance");
        await TabToAsync(page, ".dialog-foot button", "Pause answers");
        await keys.PressAsync("Enter");
        await page.Locator("header.rail").GetByText("Paused").First.WaitForAsync();
        (await _service.Database.ScalarAsync<string>("select reason from controls where name = 'pause' and stopped")).ShouldBe("Carrier maintenance");

        await TabToAsync(page, "header.rail button", "Stop all");
        await keys.PressAsync("Enter");
        await page.Locator("header.rail").GetByText("Stopped").First.WaitForAsync();
        (await _service.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeTrue();

        await keys.PressAsync("g");
        await keys.PressAsync("a");
        await page.Locator("h1", new() { HasText = "Audit trail" }).WaitForAsync();
        await page.Locator("select[aria-label=Act] option", new() { HasText = "Paused" }).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await TabToAsync(page, "select[aria-label=Act]", "");
        await keys.TypeAsync("Paused");
        await page.WaitForURLAsync("**/audit?act=service.pause");
        await Until.EqualAsync("Paused answers", async () => string.Join(", ", await page.Locator(".trail .act a").AllInnerTextsAsync()));
        await TabToAsync(page, ".trail .act a", "Paused answers");
        await keys.PressAsync("Enter");
        await page.Locator(".unfolded .plus").First.WaitForAsync();
        (await page.Locator(".unfolded").InnerTextAsync()).ShouldContain("Carrier maintenance");
        mara.Complaints.ShouldBeEmpty();
    }

    /// <summary>Tab until the focus is on it: whoever can't use a mouse finds it, too.</summary>
    internal static async Task TabToAsync(IPage page, string selector, string words)
    {
        for (var tab = 0; tab < MostTabs; tab++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("([selector, words]) => document.activeElement?.matches(selector) && document.activeElement.innerText.includes(words)", new[] { selector, words }))
                return;
        }

        throw new TimeoutException($"{MostTabs} tabs did not reach {selector} {words}.");
    }
}
