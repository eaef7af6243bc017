using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>What strangers write is text and nothing else: it is shown as typed, never runs, and breaks no page however long or foreign it is.</summary>
[Collection(JourneyCollection.Name)]
public sealed class HostileTextJourney(RunningService running) : IClassFixture<RunningService>
{
    private const string Script = "<script>window.ran = 'script'</script>";
    private const string Image = "<img src=nowhere onerror=\"window.ran = 'image'\">";
    private const string Link = "javascript:window.ran='link'";
    private const string Hostile = $"Hello {Script}{Image} {Link} &amp; </div></title>";
    private const int Longest = 10_000;

    private static readonly string OneWord = string.Concat(Enumerable.Repeat("parcel", (Longest / 6) + 1))[..Longest];
    private static readonly string ManyWords = string.Concat(Enumerable.Repeat("Where is my parcel? ", Longest / 20));

    private Service Service => running.Service;

    [Fact]
    public async Task A_texts_markup_is_shown_as_typed_wherever_it_stands_and_never_runs()
    {
        var (conversation, inbound, person) = await TextAsync("+12025550141", Hostile);
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);

        await owner.Page.Locator("section.tail").GetByRole(AriaRole.Button, new() { Name = "Show texts" }).ClickAsync();
        await ShownAsync(owner, owner.Page.Locator("section.tail td.text").Filter(new() { HasText = "Hello" }).First, "the Overview");
        await owner.GoAsync("/messages");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Show texts" }).ClickAsync();
        await ShownAsync(owner, owner.Page.Locator("main td.text").Filter(new() { HasText = "Hello" }).First, "the list of messages");
        await owner.GoAsync($"/conversations/{conversation}");
        await ShownAsync(owner, owner.Page.Locator("div.bubble:not(.out)").Filter(new() { HasText = "Hello" }), "its conversation");
        await owner.GoAsync($"/messages/{inbound}");
        await ShownAsync(owner, owner.Page.Locator("div.bubble:not(.out)").Filter(new() { HasText = "Hello" }), "its story");

        await owner.GoAsync($"/users/{person}?tab=notes");
        await owner.Page.Locator("#new-note").FillAsync(Hostile);
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();
        await ShownAsync(owner, owner.Page.Locator(".note-row .text"), "a note");
        await owner.Page.ReloadAsync();
        await ShownAsync(owner, owner.Page.Locator(".note-row .text"), "a note that was kept");
        owner.Complaints.ShouldBeEmpty("the content policy had nothing to refuse");
    }

    [Fact]
    public async Task An_operators_name_and_browser_are_text_too()
    {
        await Operators.AddAsync(Service.Database, "sly@example.org", "Viewer");
        await Service.Database.ExecuteAsync("update operators set display_name = $1 where email = 'sly@example.org'", Hostile);
        var id = await Service.Database.ScalarAsync<long>("select id from operators where email = 'sly@example.org'");
        await using var sly = await Visitor.ComeAsync(Service.App, userAgent: Hostile);
        await sly.SignInAsync("sly@example.org", Operators.Password);
        await sly.LiveAsync();
        await ShownAsync(sly, sly.Page.Locator(".side .me .name"), "the side");
        await sly.GoAsync("/account");
        (await sly.Page.Locator(".sessions td span[title]").First.GetAttributeAsync("title")).ShouldBe(Hostile);
        await NothingRanAsync(sly, "the own sessions");

        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        await owner.GoAsync("/access");
        await ShownAsync(owner, owner.Page.Locator("main tbody tr", new() { HasText = "sly@example.org" }), "Access");
        await owner.GoAsync($"/access/{id}");
        await ShownAsync(owner, owner.Page.Locator("h1"), "the operator's page");
        (await owner.Page.Locator(".sessions td span[title]").First.GetAttributeAsync("title")).ShouldBe(Hostile);
        await NothingRanAsync(owner, "the operator's sessions");
        sly.Complaints.ShouldBeEmpty();
        owner.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Long_right_to_left_and_drawn_texts_fit_every_page(int width)
    {
        var last = width == 390 ? 1 : 2;
        var texts = new List<(long Conversation, long Inbound)>();
        foreach (var (place, body) in new[] { OneWord, ManyWords, "متى يصل طلبي رقم 48213؟ شكرا", "👩‍👩‍👧‍👦🏳️‍🌈📦" }.Index())
        {
            var (conversation, inbound, _) = await TextAsync($"+120255502{last}{place}", body);
            texts.Add((conversation, inbound));
        }

        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password, width);
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Show texts" }).ClickAsync();
        await owner.Page.Locator("section.tail tbody tr").First.WaitForAsync();
        await FitsAsync(owner, "the Overview");
        await owner.GoAsync("/messages");
        await owner.Page.Locator("main tbody tr").First.WaitForAsync();
        await FitsAsync(owner, "the list of messages");
        await owner.GoAsync("/conversations");
        await owner.Page.Locator(".conversation").First.WaitForAsync();
        await FitsAsync(owner, "the inbox");
        foreach (var (conversation, inbound) in texts)
        {
            await owner.GoAsync($"/conversations/{conversation}");
            await owner.Page.Locator("div.bubble").First.WaitForAsync();
            await FitsAsync(owner, $"conversation {conversation}");
            await owner.GoAsync($"/messages/{inbound}");
            await owner.Page.Locator("div.bubble").First.WaitForAsync();
            await FitsAsync(owner, $"message {inbound}");
        }

        await owner.GoAsync($"/conversations/{texts[0].Conversation}");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Show all 10,000 characters" }).ClickAsync();
        await Assertions.Expect(owner.Page.Locator("div.bubble:not(.out)")).ToHaveTextAsync(OneWord);
        await FitsAsync(owner, "the long word at full length");
        await owner.GoAsync($"/conversations/{texts[2].Conversation}");
        (await owner.Page.Locator("div.bubble:not(.out)").EvaluateAsync<string>("bubble => getComputedStyle(bubble).direction")).ShouldBe("rtl");
        owner.Complaints.ShouldBeEmpty();
    }

    private async Task<(long Conversation, long Inbound, long Person)> TextAsync(string from, string body)
    {
        await Service.Driver.TextAsync(() => Service.App, from, body, TimeSpan.FromSeconds(30));
        var inbound = await Service.Database.ScalarAsync<long>("select max(id) from messages where direction = 'in'");
        await Service.IdleAsync();
        // The lists stand when the ledger's readers have been by.
        await Until.TrueAsync(
            async () => await Service.Database.ScalarAsync<long>("select count(*) from inbox i join messages m using (conversation_id) where m.id = $1 and i.last_message >= $1", inbound) == 1,
            "the inbox has it");
        return (await Service.Database.ScalarAsync<long>("select conversation_id from messages where id = $1", inbound), inbound,
            await Service.Database.ScalarAsync<long>("select user_id from messages where id = $1", inbound));
    }

    private static async Task ShownAsync(Visitor visitor, ILocator place, string where)
    {
        await place.WaitForAsync();
        (await place.TextContentAsync()).ShouldNotBeNull().ShouldContain(Hostile, customMessage: where);
        await NothingRanAsync(visitor, where);
    }

    private static async Task NothingRanAsync(Visitor visitor, string where)
    {
        (await visitor.Page.EvaluateAsync<string?>("() => window.ran ?? null")).ShouldBeNull(where);
        (await visitor.Page.Locator("[onerror], a[href^='javascript:' i]").CountAsync()).ShouldBe(0, where);
    }

    private static async Task FitsAsync(Visitor visitor, string where) =>
        (await visitor.Page.EvaluateAsync<string[]>("""
            () => {
              const width = document.documentElement.clientWidth, found = [];
              for (const one of [document.documentElement, document.querySelector('.main')])
                if (one.scrollWidth > one.clientWidth) found.push(`${one.className || one.tagName} scrolls sideways: ${one.scrollWidth} over ${one.clientWidth}`);
              for (const bubble of document.querySelectorAll('.bubble, .bubble-line, h1')) {
                const box = bubble.getBoundingClientRect();
                if (box.width > 0 && (box.left < 0 || box.right > width)) found.push(`${bubble.className} from ${box.left} to ${box.right}`);
              }
              return found;
            }
            """)).ShouldBeEmpty($"{where} at {visitor.Page.ViewportSize!.Width}");
}
