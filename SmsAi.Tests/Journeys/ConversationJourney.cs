using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>A person answers in place of the AI, in the browser and by keys alone.</summary>
[Collection(JourneyCollection.Name)]
public sealed class ConversationJourney
{
    private const string Reply = "Hi, this is Mara. I’m sorry, twice is not OK: I've opened a search with the carrier and a second parcel leaves today.";

    [Fact]
    public async Task Keys_alone_open_take_over_write_send_and_give_back()
    {
        await using var service = await Service.SandboxAsync(withOwner: true);
        await using var owner = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password);
        await owner.SeesAsync("Sandbox");
        await TextAsync(owner, "Where is my parcel?");
        await owner.Page.Locator(".device .state", new() { HasText = "Delivered" }).WaitForAsync();
        var keys = owner.Page.Keyboard;
        // Out of the field: single keys sleep where one writes.
        await KeyboardJourney.TabToAsync(owner.Page, "nav.side a", "");
        await keys.PressAsync("g");
        await keys.PressAsync("c");
        await owner.Page.Locator(".conversation").WaitForAsync();
        await keys.PressAsync("j");
        await keys.PressAsync("Enter");
        await owner.Page.Locator(".bubble", new() { HasText = "Where is my parcel?" }).WaitForAsync();

        await keys.PressAsync("t");
        var field = owner.Page.GetByLabel("Text message");
        await field.WaitForAsync();
        await Assertions.Expect(field).ToBeFocusedAsync();
        await keys.TypeAsync(Reply);
        await Assertions.Expect(field).ToHaveValueAsync(Reply);
        await keys.PressAsync("Control+Enter");
        await owner.Page.Locator(".bubble.person", new() { HasText = Reply }).WaitForAsync();
        await owner.Page.Locator(".bubble-line", new() { HasText = "Delivered" }).Nth(1).WaitForAsync();

        // What she writes next the AI only drafts an answer to.
        await using var outside = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password);
        await TextAsync(outside, "Can it go to my neighbour?");
        await owner.Page.Locator(".bubble", new() { HasText = "Can it go to my neighbour?" }).WaitForAsync();
        await owner.Page.Locator(".suggestion p").WaitForAsync();
        (await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'out' and sent_at is not null")).ShouldBe(2);

        // Half a reply survives the page.
        await keys.TypeAsync("Let me ask");
        await Until.TrueAsync(async () => await service.Database.ScalarAsync<long>("select count(*) from reply_drafts") == 1, "the draft is kept");
        await owner.Page.ReloadAsync();
        await Assertions.Expect(owner.Page.GetByLabel("Text message")).ToHaveValueAsync("Let me ask");

        await KeyboardJourney.TabToAsync(owner.Page, "button", "Give back to AI");
        await keys.PressAsync("Enter");
        await owner.Page.GetByText("The AI answers here.").WaitForAsync();
        await Until.TrueAsync(
            async () => await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'out' and kind = 'answer' and sent_at is not null") == 2,
            "the AI's answer leaves after all");
        owner.Complaints.ShouldBeEmpty();
    }

    private static async Task TextAsync(Visitor visitor, string words)
    {
        await visitor.GoAsync("/phone");
        var text = visitor.Page.GetByLabel("Text message");
        await text.FillAsync(words);
        await text.PressAsync("Enter");
        await visitor.Page.Locator(".device .bubble.person", new() { HasText = words }).WaitForAsync();
    }
}
