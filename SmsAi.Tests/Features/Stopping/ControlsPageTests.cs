using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Ui;
using SmsAi.Web.Features.Stopping;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>The controls as an operator sees and uses them.</summary>
public sealed class ControlsPageTests : ControlsBench
{
    [Fact]
    public async Task Page_shows_every_switch_hold_schedule_and_blocked_number_with_who_and_why()
    {
        SignIn();
        await ScheduleAsync();
        await Database.ExecuteAsync("""
            insert into users (id, phone_hash, phone_tail, alias) values (7, sha256('a'), '22', 'vivid-crane-15');
            insert into holds (user_id, reason, by_name) values (7, 'asked for a copy of the data', 'Jonas');
            insert into holds (kind, reason, by_name) values ('broadcast', 'wrong date', 'Mara');
            insert into blocked_senders (phone_hash, phone_tail, reason, by_name) values (sha256('b'), '66', 'Pumping', 'Jonas')
            """);
        await Services.GetRequiredService<StopSwitches>().StopModelAsync("wrong language", new("Ada", 2, OperatorRoles.Admin), CancellationToken.None);

        var page = Open();

        Section(page, "Holds").QuerySelectorAll("li .grow > :first-child").Select(hold => hold.TextContent)
            .ShouldBe(["All broadcasts", "vivid-crane-15··22"], ignoreOrder: true);
        Section(page, "Blocked numbers").QuerySelector("tbody tr")!.TextContent.ShouldContain("··66");
        Section(page, "Scheduled").QuerySelector("li .medium")!.TextContent.ShouldBe("Every Sunday 02:00 to 04:00, Europe/Berlin");
        Section(page, "Last changes").QuerySelector("li")!.TextContent.ShouldContain("Model off");
        page.Find(".switches").TextContent.ShouldContain("Ada, since");
        page.FindAll("thead th").Select(head => head.TextContent).ShouldContain("Hold on one of them");
    }

    [Fact]
    public async Task Released_hold_can_be_placed_again_from_the_toast()
    {
        SignIn();
        await Database.ExecuteAsync("insert into holds (kind, reason, by_name) values ('answer', 'wrong language', 'Jonas')");
        var page = Open();

        await Button(page, "Holds", "Release").ClickAsync(new());

        await Until.EqualAsync(0L, () => Database.ScalarAsync<long>("select count(*) from holds"));
        page.WaitForAssertion(() => Section(page, "Holds").TextContent.ShouldContain("Nothing is held."), Patience);
        await page.InvokeAsync((await this.ToastAsync("Released")).Act!);
        await Until.EqualAsync("answer wrong language Mara", () => Database.ScalarAsync<string>("select concat_ws(' ', kind, reason, by_name) from holds"));
    }

    [Fact]
    public async Task Unblocked_number_can_be_blocked_again_from_the_toast()
    {
        SignIn();
        await Database.ExecuteAsync("insert into blocked_senders (phone_hash, phone_tail, reason, by_name) values (sha256('b'), '66', 'Pumping', 'Jonas')");
        var page = Open();

        await Button(page, "Blocked numbers", "Unblock").ClickAsync(new());

        await Until.EqualAsync(0L, () => Database.ScalarAsync<long>("select count(*) from blocked_senders"));
        await page.InvokeAsync((await this.ToastAsync("Unblocked")).Act!);
        await Until.EqualAsync(true, () => Database.ScalarAsync<bool>("select phone_hash = sha256('b') and reason = 'Pumping' from blocked_senders"));
    }

    [Theory]
    [InlineData("", "Write the number, with its country as in +49.")]
    [InlineData("0151 23456740", "The country is missing. Write it as in +49 151 00000000.")]
    [InlineData("ACME", "That is no phone number. Write it as in +49 151 00000000.")]
    [InlineData("+999 151 23456740", "No country has that code. Check the digits after the +.")]
    public async Task What_is_no_number_is_not_blocked_and_the_way_out_is_said(string number, string fault)
    {
        SignIn();
        var dialog = Render<BlockDialog>();
        dialog.Find("#block-number").Change(number);
        dialog.Find("#block-reason").Change("loop");

        await dialog.Find("form").SubmitAsync();

        dialog.Find(".fault").TextContent.ShouldBe(fault);
    }

    [Fact]
    public async Task Number_is_blocked_by_its_hash_and_stands_in_no_row()
    {
        SignIn();
        var dialog = Render<BlockDialog>();
        dialog.Find("#block-number").Change("+49 (0)151 23456740".Replace("(0)", "", StringComparison.Ordinal));
        dialog.Find("#block-reason").Change("call +4915123456740");
        await dialog.Find("form").SubmitAsync();
        dialog.Find(".fault").TextContent.ShouldBe("That holds a number. Leave it out.");

        dialog.Find("#block-reason").Change("loop");
        await dialog.Find("form").SubmitAsync();

        await Until.EqualAsync(true, () => Database.ScalarAsync<bool>("select phone_hash = $1 and phone_tail = '40' and by_name = 'Mara' from blocked_senders", TestHasher.Hash("+4915123456740")));
        (await Database.ScalarAsync<string>("select string_agg(audit::text, '') from audit"))!.ShouldNotContain("23456740");
    }

    [Fact]
    public async Task Hold_names_who_nobody_is_and_takes_an_alias()
    {
        SignIn();
        await Database.ExecuteAsync("insert into users (id, phone_hash, phone_tail, alias) values (7, sha256('a'), '22', 'vivid-crane-15')");
        var dialog = Render<HoldDialog>();
        dialog.Find("#hold-what").Change("vivid-crane-16");
        dialog.Find("#hold-reason").Change("look first");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => dialog.Find(".fault").TextContent.ShouldBe("Nobody here has that alias or number."), Patience);

        dialog.Find("#hold-what").Change("Vivid-Crane-15 ");
        dialog.Find("#hold-until").Change("2020-01-01T10:00");
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => dialog.Find(".fault").TextContent.ShouldStartWith("1 Jan, 10:00 is already past."), Patience);

        dialog.Find("#hold-until").Change("");
        await dialog.Find("form").SubmitAsync();
        await Until.EqualAsync("7 look first Mara", () => Database.ScalarAsync<string>("select concat_ws(' ', user_id, reason, by_name) from holds"));
    }

    [Fact]
    public void Viewer_sees_the_controls_and_no_lever_works_for_her()
    {
        SignIn(OperatorRoles.Viewer);

        var page = Open();

        page.FindAll(".page button").Where(button => button.GetAttribute("aria-disabled") != "true").ShouldBeEmpty();
    }

    [Fact]
    public async Task History_pages_through_all_changes_and_says_what_a_resume_lifted()
    {
        SignIn();
        await Database.ExecuteAsync("""
            insert into control_flips (ver, name, stopped, reason, by_name, at, held)
            select n, (array['kill', 'pause'])[1 + n / 2 % 2], n % 2 = 0, 'reason ' || n, 'Mara', now() - interval '1 day' + n * interval '4 minutes', case when n % 2 = 1 then n end
            from generate_series(2, 121) n
            """);
        Services.GetRequiredService<NavigationManager>().NavigateTo("controls/history");
        var page = Render<HistoryPage>();
        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(50), Patience);
        page.Find("tbody tr").QuerySelectorAll("td")[1].TextContent.ShouldStartWith("Resumed after 4 min");
        page.Find("tbody tr").QuerySelectorAll("td")[4].TextContent.ShouldBe("121 held");

        Follow(page, "Older");
        page.WaitForAssertion(() => page.Find("tbody tr").TextContent.ShouldContain("reason 71"), Patience);
        Follow(page, "Older");
        page.WaitForAssertion(() => page.FindAll("tbody tr").Count.ShouldBe(20), Patience);
        Follow(page, "Newer");
        page.WaitForAssertion(() => page.Find("tbody tr").TextContent.ShouldContain("reason 71"), Patience);

        page.Find("select[aria-label=Switch]").Change("pause");
        page.WaitForAssertion(() => page.FindAll("tbody tr td:nth-child(2) span").Select(what => what.TextContent).Distinct().ShouldBe(["Pause", "Resumed after 4 min"], ignoreOrder: true), Patience);
        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("controls/history?what=pause");
    }

    private IRenderedComponent<ControlsPage> Open()
    {
        var page = Render<ControlsPage>(p => p.AddCascadingValue(new RailModel()));
        page.WaitForAssertion(() => page.FindAll("h2").ShouldContain(head => head.TextContent == "Holds"), Patience);
        page.WaitForAssertion(() => page.FindComponent<ChangeList>().Instance.Flips.ShouldNotBeNull(), Patience);
        return page;
    }

    private static AngleSharp.Dom.IElement Section(IRenderedComponent<ControlsPage> page, string title) =>
        page.FindAll("section.section").Single(section => section.QuerySelector("h2")?.TextContent == title);

    /// <summary>Waits for it: each section reads what is its own.</summary>
    private static AngleSharp.Dom.IElement Button(IRenderedComponent<ControlsPage> page, string title, string words)
    {
        page.WaitForAssertion(() => Find().ShouldNotBeNull(), Patience);
        return Find()!;

        AngleSharp.Dom.IElement? Find() => Section(page, title).QuerySelectorAll("button").SingleOrDefault(button => button.TextContent == words);
    }

    private void Follow(IRenderedComponent<HistoryPage> page, string words) => Services.GetRequiredService<NavigationManager>()
        .NavigateTo(page.FindAll(".table-foot a").Single(link => link.TextContent == words).GetAttribute("href")!);
}
