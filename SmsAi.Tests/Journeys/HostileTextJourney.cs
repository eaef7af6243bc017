using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>What strangers write is text and nothing else: it is shown as typed, never runs, and breaks no page however long or foreign it is.</summary>
[Collection(PageJourneyCollection.Name)]
public sealed class HostileTextJourney(RunningService running) : IClassFixture<RunningService>
{
    private const string Script = "<script>window.ran = 'script'</script>";
    private const string Image = "<img src=nowhere onerror=\"window.ran = 'image'\">";
    private const string Link = "javascript:window.ran='link'";
    private const string Drawing = "<svg onload=\"window.ran = 'drawing'\">";
    private const string Base = "<base href=//evil.example/>";
    private const string Address = "https://evil.example/sign-in";
    private const string Hostile = $"Hello {Script}{Image} {Link} &amp; </div></title></textarea>{Drawing}{Base}![map](https://evil.example/map.png) {{{{7*7}}}} @(1+1) %n {Address}";

    // Turns what follows it around; no browser would send it in a header.
    private const string Turned = Hostile + " \u202Egnp.exe\u202C";
    private const string ShortHostile = $"Hello {Image} {{{{7*7}}}}";
    private const int Longest = 10_000;

    // One letter with a tower of accents over it.
    private static readonly string Stacked = "Z" + new string('\u0301', 8_000);

    private static readonly string OneWord = string.Concat(Enumerable.Repeat("parcel", (Longest / 6) + 1))[..Longest];
    private static readonly string ManyWords = string.Concat(Enumerable.Repeat("Where is my parcel? ", Longest / 20));

    private Service Service => running.Service;

    [Fact]
    public async Task A_texts_markup_is_shown_as_typed_wherever_it_stands_and_never_runs()
    {
        const string number = "+12025550141";
        var (conversation, inbound, person) = await TextAsync(number, Turned);
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        var page = owner.Page;

        await page.Locator("section.tail").GetByRole(AriaRole.Button, new() { Name = "Show texts" }).ClickAsync();
        await ShownAsync(owner, page.Locator("section.tail td.text").Filter(new() { HasText = "Hello" }).First, "the Overview");
        await owner.GoAsync("/messages");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show texts" }).ClickAsync();
        await ShownAsync(owner, page.Locator("main td.text").Filter(new() { HasText = "Hello" }).First, "the list of messages");
        foreach (var (path, where) in new[] { ($"/conversations/{conversation}", "its conversation"), ($"/messages/{inbound}", "its story") })
        {
            await owner.GoAsync(path);
            await ShownAsync(owner, page.Locator("div.bubble:not(.out)").Filter(new() { HasText = "Hello" }), where, Turned);
            await ShownAsync(owner, page.Locator("div.bubble.out").Filter(new() { HasText = "Hello" }), "the answer in " + where, $"Echo: Hello {Script}{Image}");
            (await page.Locator("div.bubble a").CountAsync()).ShouldBe(0, $"no address becomes a link in {where}");
        }

        await Until.TrueAsync(async () => await Service.Database.ScalarAsync<long>("select count(*) from message_terms where message_id = $1", inbound) == 1, "the text can be found");
        await owner.GoAsync("/conversations");
        await page.Locator("[data-search]").FillAsync("Hello");
        await page.Locator("[data-search]").PressAsync("Enter");
        await ShownAsync(owner, page.Locator(".snippet").Filter(new() { HasNotText = "Echo" }).First, "a hit of the search", $"Hello {Script}{Image} {Link}");

        await owner.GoAsync($"/users/{person}?tab=notes");
        await page.Locator("#new-note").FillAsync(Turned);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();
        await ShownAsync(owner, page.Locator(".note-row .text"), "a note", Turned);
        await page.ReloadAsync();
        await ShownAsync(owner, page.Locator(".note-row .text"), "a note that was kept", Turned);
        owner.Complaints.ShouldBeEmpty("the content policy had nothing to refuse");
        await NothingIsKeptAsync(page, number[1..], "Hello", "evil.example");
    }

    [Fact]
    public async Task A_persons_name_and_a_carriers_words_are_text_too()
    {
        var (_, inbound, person) = await TextAsync("+12025550142", "Who am I?");
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        var page = owner.Page;
        await owner.GoAsync($"/users/{person}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal…" }).ClickAsync();
        await page.Locator("#reveal-reason").FillAsync("They ask for a call");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal the number" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Change name and email" }).ClickAsync();
        await page.Locator("#contact-name").FillAsync(ShortHostile);
        await page.Locator("#contact-name").PressAsync("Enter");
        await ShownAsync(owner, page.Locator(".fact-list dd", new() { HasText = "Hello" }), "a person's name", ShortHostile);
        await NothingIsKeptAsync(page, "12025550142", "Hello");

        await Service.Database.ExecuteAsync("update messages set state = 'failed', error_code = 30007, error_text = $2 where user_id = $1 and direction = 'out'", person, Hostile);
        await owner.GoAsync($"/messages/{inbound}");
        await ShownAsync(owner, page.Locator("aside .reason"), "the carrier's words");
        owner.Complaints.ShouldBeEmpty();
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
        var page = owner.Page;
        await owner.GoAsync("/access");
        await ShownAsync(owner, page.Locator("main tbody tr", new() { HasText = "sly@example.org" }), "Access");
        await owner.GoAsync($"/access/{id}");
        await ShownAsync(owner, page.Locator("h1"), "the operator's page");
        (await page.TitleAsync()).ShouldBe($"{Hostile} · SmsAi");
        (await page.Locator(".sessions td span[title]").First.GetAttributeAsync("title")).ShouldBe(Hostile);
        await NothingRanAsync(owner, "the operator's sessions");

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove…" }).ClickAsync();
        await ShownAsync(owner, page.Locator(".rz-dialog-title"), "a dialog's title");
        await page.Locator(".rz-dialog-content input").FillAsync("sly@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the account" }).ClickAsync();
        await ShownAsync(owner, page.Locator(".toast"), "a toast");
        sly.Complaints.ShouldBeEmpty();
        owner.Complaints.ShouldBeEmpty();
        await NothingIsKeptAsync(page, "Hello", "sly@example.org");
    }

    [Fact]
    public async Task Letters_that_reach_over_their_line_are_painted_over_nobody_else()
    {
        const string number = "+12025550143";
        await TextAsync(number, "What stands above");
        var (conversation, inbound, _) = await TextAsync(number, Stacked);
        await using var owner = await Visitor.SignedInAsync(Service.App, Service.OwnerEmail, Operators.Password);
        var page = owner.Page;
        await owner.GoAsync($"/conversations/{conversation}");
        await AloneAsync(page, ".thread-pane", "its conversation");
        await owner.GoAsync($"/messages/{inbound}");
        await AloneAsync(page, ".thread", "its story");
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

    private static async Task ShownAsync(Visitor visitor, ILocator place, string where, string typed = Hostile)
    {
        await place.WaitForAsync();
        (await place.TextContentAsync()).ShouldNotBeNull().ShouldContain(typed, customMessage: where);
        await NothingRanAsync(visitor, where);
    }

    private static async Task NothingRanAsync(Visitor visitor, string where)
    {
        (await visitor.Page.EvaluateAsync<string?>("() => window.ran ?? null")).ShouldBeNull(where);
        (await visitor.Page.Locator("[onerror], [onload], [href^='javascript:' i], [href^='https://evil'], [href^='//evil'], [src*='evil.example']").CountAsync()).ShouldBe(0, where);
    }

    /// <summary>What the browser keeps for this site outlasts the session.</summary>
    private static async Task NothingIsKeptAsync(IPage page, params string[] words)
    {
        var kept = await page.EvaluateAsync<string>("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])");
        words.Where(word => kept.Contains(word, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(kept);
    }

    /// <summary>Around the bubbles, all looks the same with their letters and without.</summary>
    private static async Task AloneAsync(IPage page, string place, string where)
    {
        var bubbles = page.Locator("div.bubble", new() { HasText = Stacked[..500] });
        await bubbles.First.WaitForAsync();
        var options = new LocatorScreenshotOptions { Mask = [bubbles], Caret = ScreenshotCaret.Hide };
        var with = await page.Locator(place).ScreenshotAsync(options);
        await bubbles.EvaluateAllAsync<object?>("bubbles => bubbles.forEach(one => one.style.color = 'transparent')");
        var without = await page.Locator(place).ScreenshotAsync(options);
        with.SequenceEqual(without).ShouldBeTrue($"{where} shows the letters outside their bubble");
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
