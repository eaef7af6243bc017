using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>The handset in the browser, with nothing configured but a database.</summary>
[Collection(JourneyCollection.Name)]
public sealed class PhoneJourney
{
    [Fact]
    public async Task A_text_written_in_the_browser_is_answered_and_delivered_live()
    {
        await using var service = await Service.SandboxAsync(withOwner: true);
        await using var owner = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password);
        await owner.SeesAsync("Sandbox");
        await owner.GoAsync("/phone");
        var text = owner.Page.GetByLabel("Text message");
        await text.FillAsync("Is anybody there?");
        await text.PressAsync("Enter");

        var thread = owner.Page.Locator(".device .thread");
        await thread.Locator(".bubble.person", new() { HasText = "Is anybody there?" }).WaitForAsync();
        await thread.Locator(".bubble:not(.person):not(.writing)").WaitForAsync();
        await thread.Locator(".state", new() { HasText = "Delivered" }).WaitForAsync();
        await thread.GetByText("Answered in").WaitForAsync();
        await owner.Page.Locator(".wire code", new() { HasText = "/sms/receive" }).First.WaitForAsync();

        // Sent twice on purpose, it is still one text.
        await owner.Page.GetByLabel("Send each text twice").ClickAsync();
        await text.FillAsync("Only one answer, please");
        await text.PressAsync("Enter");
        await thread.Locator(".state", new() { HasText = "Delivered" }).Nth(1).WaitForAsync();
        (await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'in'")).ShouldBe(2);
        (await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'out'")).ShouldBe(2);

        // The quick word opts out, and the next text gets no answer.
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "STOP", Exact = true }).ClickAsync();
        await Until.TrueAsync(async () => await service.Database.ScalarAsync<long>("select count(*) from consents where state = 'out'") == 1, "the opt-out is kept");
        await text.FillAsync("Still there?");
        await text.PressAsync("Enter");
        await thread.Locator(".bubble.person", new() { HasText = "Still there?" }).WaitForAsync();
        await thread.Locator(".state", new() { HasText = "Opted out" }).First.WaitForAsync();
        await Until.TrueAsync(async () => await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'in'") == 4, "both are kept");
        await service.IdleAsync();
        (await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'out'")).ShouldBe(2);
        owner.Complaints.ShouldBeEmpty();
    }
}
