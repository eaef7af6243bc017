using System.Globalization;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>A signed text is answered and delivered, and whoever watches sees it happen.</summary>
[Collection(JourneyCollection.Name)]
public sealed class AnswerJourney(RunningService running) : IClassFixture<RunningService>
{
    private Service Service => running.Service;

    [Fact]
    public async Task A_signed_text_is_answered_and_its_delivery_shown_live_on_the_overview_and_its_story()
    {
        Service.Carrier.Script.Receipts = _ => ReceiptPlans.Delivered(TimeSpan.FromMilliseconds(400));
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        await owner.Page.Locator("section.tail").WaitForAsync();
        await Service.Driver.TextAsync(() => Service.App, "+12025550171", "When do you open?");
        var answer = owner.Page.Locator("section.tail tbody tr:has-text('··71')").First;
        await answer.Locator(".state", new() { HasText = "Delivered" }).WaitForAsync();
        (await owner.Page.Locator("section.tail").InnerTextAsync()).ShouldNotContain("When do you open", Case.Insensitive, "texts are hidden until somebody asks");

        await answer.Locator("td.text").ClickAsync();
        await owner.Page.WaitForURLAsync("**/messages/*");
        await owner.SeesAsync("Echo: When do you open?");
        var story = await owner.Page.Locator("ol.timeline").InnerTextAsync();
        story.ShouldContain("Delivered");
        await owner.Page.Locator(".pill", new() { HasText = "Delivered" }).WaitForAsync();
        await owner.Page.GoBackAsync();
        await owner.Page.Locator("section.tail").WaitForAsync();

        // The story of a text that is on its way grows by itself.
        Service.Model.Latency = () => TimeSpan.FromSeconds(1.5);
        await Service.Driver.TextAsync(() => Service.App, "+12025550171", "And on Sundays?");
        var inbound = await Service.Database.ScalarAsync<long>("select max(id) from messages where direction = 'in'");
        await owner.GoAsync($"/messages/{inbound.ToString(CultureInfo.InvariantCulture)}");
        await owner.SeesAsync("It goes on; the next step appears here.");
        await owner.SeesAsync("Echo: And on Sundays?");
        await owner.Page.Locator(".pill", new() { HasText = "Delivered" }).WaitForAsync();
        owner.Complaints.ShouldBeEmpty();
        Service.Model.Latency = null;
    }

    [Fact]
    public async Task The_row_that_was_pressed_opens_though_new_rows_moved_it_before_it_was_let_go()
    {
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        await Service.Driver.TextAsync(() => Service.App, "+12025550172", "Do you ship abroad?");
        var pressed = owner.Page.Locator("section.tail tbody tr:has-text('··72')").Last;
        await pressed.WaitForAsync();
        var story = await pressed.Locator("a.person").GetAttributeAsync("href");

        // A finger: a mouse would hold the list still.
        await pressed.DispatchEventAsync("pointerdown", new { bubbles = true, isPrimary = true, button = 0, pointerType = "touch", clientX = 500, clientY = 600 });
        await Service.Driver.TextAsync(() => Service.App, "+12025550173", "And to islands?");
        await owner.Page.Locator("section.tail tbody tr:has-text('··73')").First.WaitForAsync();
        await owner.Page.Locator("section.tail tbody").DispatchEventAsync("click", new { bubbles = true, clientX = 500, clientY = 600 });
        await owner.Page.WaitForURLAsync("**/" + story);
        await owner.SeesAsync("Do you ship abroad?");
        owner.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_number_in_the_browser_follows_each_webhook_by_itself()
    {
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        await owner.Page.Locator("dl.strip").WaitForAsync();
        var took = new List<double>();
        for (var text = 0; text < 5; text++)
        {
            // The page itself notes when its number changes, and watches before the text is sent; both clocks are this machine's.
            await owner.Page.EvaluateAsync(
                """
                () => {
                  const shown = () => [...document.querySelectorAll('dl.strip .figure')].find(one => one.querySelector('dt').textContent === 'Received today').querySelector('dd.value').textContent;
                  const before = shown();
                  window.changed = new Promise(resolve => {
                    const look = () => { if (shown() !== before) { watch.disconnect(); resolve(Date.now()); } };
                    const watch = new MutationObserver(look);
                    watch.observe(document.body, { childList: true, characterData: true, subtree: true });
                  });
                }
                """);
            var at = DateTimeOffset.UtcNow;
            await Service.Driver.TextAsync(() => Service.App, RoadDriver.NumberOf(text), $"fast {text}");
            took.Add(await owner.Page.EvaluateAsync<double>("() => window.changed").WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) - at.ToUnixTimeMilliseconds());
        }

        // How fast is for the machine to say; that it comes by itself, for us.
        TestContext.Current.TestOutputHelper?.WriteLine("from webhook to number: " + string.Join(", ", took.Select(one => $"{one:0} ms")));
        owner.Complaints.ShouldBeEmpty();
    }
}
