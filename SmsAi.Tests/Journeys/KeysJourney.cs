using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>The console by the keyboard alone.</summary>
[Collection(JourneyCollection.Name)]
public sealed class KeysJourney(RunningService running) : IClassFixture<RunningService>
{
    [Fact]
    public async Task Palette_opens_a_page_a_person_and_an_act_and_gives_the_focus_back()
    {
        await using var owner = await ComeAsync();
        var keys = owner.Page.Keyboard;
        var field = owner.Page.Locator("#palette input");

        await keys.PressAsync("Control+k");
        await keys.TypeAsync("audit");
        await keys.PressAsync("Enter");
        await owner.Page.Locator("h1", new() { HasText = "Audit trail" }).WaitForAsync();
        (await field.IsVisibleAsync()).ShouldBeFalse("the palette is closed");

        await keys.PressAsync("Control+k");
        await keys.TypeAsync(await AliasAsync());
        await keys.PressAsync("Enter");
        await owner.Page.WaitForURLAsync("**/users/*");

        await keys.PressAsync("Control+k");
        await keys.TypeAsync("pause");
        await owner.Page.Locator("#palette-list[data-for=pause] [aria-selected=true]", new() { HasText = "Stop all" }).WaitForAsync();
        await keys.PressAsync("ArrowDown");
        (await field.GetAttributeAsync("aria-activedescendant")).ShouldBe(await owner.Page.Locator("#palette [aria-selected=true]").GetAttributeAsync("id"));
        await keys.PressAsync("Enter");
        await owner.SeesAsync("Pause answers");
        await keys.PressAsync("Escape");

        await keys.PressAsync("Control+k");
        await keys.PressAsync("Escape");
        (await field.IsVisibleAsync()).ShouldBeFalse("Esc closes it");
        owner.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_move_through_rows_tick_and_open_and_can_be_switched_off_for_good()
    {
        await using var owner = await ComeAsync();
        var keys = owner.Page.Keyboard;
        await keys.PressAsync("g");
        await keys.PressAsync("u");
        await owner.Page.Locator("table.people tr.opens").First.WaitForAsync();
        await Until.TrueAsync(async () => await StepAsync(owner, "j") == 0, "the first row has the focus");
        await Until.TrueAsync(async () => await StepAsync(owner, await RowAsync(owner) < 0 ? "j" : "ArrowDown") == 1, "the second row has the focus");
        await keys.PressAsync("x");
        await owner.SeesAsync("1 selected");
        var second = await owner.Page.Locator("tr.opens a").Nth(1).GetAttributeAsync("href");
        await keys.PressAsync("Enter");
        await owner.Page.WaitForURLAsync("**/" + second);

        await keys.PressAsync("Shift+?");
        await owner.Page.GetByRole(AriaRole.Switch).FocusAsync();
        await keys.PressAsync("Space");
        await Until.TrueAsync(async () => await running.Service.Database.ScalarAsync<long>("select count(*) from operator_preferences where not single_keys") == 1, "the switch is kept");
        await owner.Page.Locator("#keys-help[data-single-keys=off]").WaitForAsync();
        await keys.PressAsync("Escape");
        await owner.GoAsync("/tiers");
        await owner.Page.Locator("#keys-help[data-single-keys=off]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await keys.PressAsync("g");
        await keys.PressAsync("u");
        await keys.PressAsync("Control+k");
        await owner.Page.Locator("#palette input").WaitForAsync();
        new Uri(owner.Page.Url).AbsolutePath.ShouldBe("/tiers", "single keys sleep, Ctrl K doesn't");
        owner.Complaints.ShouldBeEmpty();
        await running.Service.Database.ExecuteAsync("delete from operator_preferences");
    }

    [Fact]
    public async Task Tier_is_changed_and_put_back_by_the_keyboard_alone()
    {
        await using var owner = await ComeAsync();
        var keys = owner.Page.Keyboard;
        var alias = await AliasAsync();
        await keys.PressAsync("Control+k");
        await keys.TypeAsync(alias);
        await owner.Page.Locator($"#palette-list[data-for={alias}]").WaitForAsync();
        await keys.PressAsync("ArrowDown");
        (await owner.Page.Locator("#palette [aria-selected=true] .title").InnerTextAsync()).ShouldBe("Change tier…");
        await keys.PressAsync("Enter");
        await TabToAsync(owner, "new-tier");
        await keys.TypeAsync("Ent");
        await TabToAsync(owner, "change-reason");
        await keys.TypeAsync("asked by phone");
        await keys.PressAsync("Enter");
        await owner.SeesAsync("1 person moved to Enterprise");
        (await TierAsync(alias)).ShouldBe("enterprise");

        await owner.Page.Locator(".rz-dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await keys.PressAsync("u");
        await owner.SeesAsync("Put back 1 person");
        (await TierAsync(alias)).ShouldBe("free");
        owner.Complaints.ShouldBeEmpty();
    }

    // A row that is drawn anew just then may lose the focus; whoever presses looks where it is.
    private static async Task<int> StepAsync(Visitor visitor, string key)
    {
        await visitor.Page.Keyboard.PressAsync(key);
        return await RowAsync(visitor);
    }

    private static Task<int> RowAsync(Visitor visitor) =>
        visitor.Page.EvaluateAsync<int>("[...document.querySelectorAll('tr.opens')].indexOf(document.activeElement.closest('tr.opens'))");

    private static async Task TabToAsync(Visitor visitor, string id)
    {
        await visitor.Page.Locator("#" + id).WaitForAsync();
        await visitor.Page.WaitForFunctionAsync("() => document.activeElement.closest('.rz-dialog') !== null");
        for (var tab = 0; tab < 12 && await visitor.Page.EvaluateAsync<string>("document.activeElement.id") != id; tab++) await visitor.Page.Keyboard.PressAsync("Tab");
        (await visitor.Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe(id);
    }

    private Task<string?> TierAsync(string alias) =>
        running.Service.Database.ScalarAsync<string>("select t.name from users u join tiers t on t.id = u.tier_id where u.alias = $1", alias);

    private async Task<Visitor> ComeAsync()
    {
        if (running.Service.Driver.Log.Count == 0)
        {
            await running.Service.Driver.CrowdAsync(() => running.Service.App, people: 4, each: 1);
            await running.Service.IdleAsync();
        }

        return await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
    }

    private async Task<string> AliasAsync() => (await running.Service.Database.ScalarAsync<string>("select min(alias) from users"))!;
}
