using System.Globalization;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>A signed text is answered and delivered, and whoever watches sees it happen.</summary>
[Collection(JourneyCollection.Name)]
public sealed class AnswerJourney(RunningService running) : IClassFixture<RunningService>
{
    private const string Received = "dl.strip .figure:has(dt:text-is('Received today')) dd.value";

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

        await answer.ClickAsync();
        await owner.Page.WaitForURLAsync("**/messages/*");
        await owner.SeesAsync("Echo: When do you open?");
        var story = await owner.Page.Locator("ol.timeline").InnerTextAsync();
        story.ShouldContain("Delivered");
        await owner.Page.Locator(".pill", new() { HasText = "Delivered" }).WaitForAsync();

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
    public async Task A_number_in_the_browser_changes_within_a_second_of_the_webhook()
    {
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        await owner.Page.Locator(Received).WaitForAsync();
        var took = new List<TimeSpan>();
        for (var text = 0; text < 7; text++)
        {
            // The page itself notes when its number changes; both clocks are this machine's.
            var changed = owner.Page.EvaluateAsync<double>(
                """
                selector => new Promise((resolve, reject) => {
                  const figure = () => [...document.querySelectorAll('dl.strip .figure')].find(one => one.querySelector('dt').textContent === 'Received today')?.querySelector('dd.value').textContent;
                  const before = figure();
                  const look = () => { if (figure() !== before) resolve(Date.now()); else requestAnimationFrame(look); };
                  look();
                  setTimeout(() => reject(new Error('the number did not change in 10 s')), 10000);
                })
                """, Received);
            var at = DateTimeOffset.UtcNow;
            await Service.Driver.TextAsync(() => Service.App, RoadDriver.NumberOf(text), $"fast {text}");
            took.Add(DateTimeOffset.FromUnixTimeMilliseconds((long)await changed) - at);
        }

        TestContext.Current.TestOutputHelper?.WriteLine("from webhook to number: " + string.Join(", ", took.Select(one => $"{one.TotalMilliseconds:0} ms")));
        took.Order().ElementAt(took.Count / 2).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }
}
