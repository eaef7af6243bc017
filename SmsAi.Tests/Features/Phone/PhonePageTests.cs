using Bunit;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform;
using SmsAi.Web.Features.Phone;

namespace SmsAi.Tests.Features.Phone;

/// <summary>The Phone page as an operator sees it: what she texts is answered on the screen, live.</summary>
public sealed class PhonePageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private PhoneDesk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await PhoneDesk.OpenAsync();

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _desk.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public void Text_is_answered_on_the_screen_with_its_story()
    {
        var page = Open(OperatorRoles.Operator);

        Text(page, "do you ship to canada?");

        page.WaitForAssertion(() => Bubbles(page).ShouldBe(["do you ship to canada?", "You said: do you ship to canada?"]), Patience);
        page.WaitForAssertion(() => page.Find(".bubble-line .state").TextContent.ShouldStartWith("Answered in"), Patience);
        page.Find(".bubble-line a").GetAttribute("href").ShouldStartWith("messages/");
        page.FindAll(".wire td.call").Select(call => call.TextContent).ShouldBe(["Messages.create", "chat.completions", "POST /sms/receive"]);
    }

    [Fact]
    public void Text_sent_twice_says_so_under_its_one_answer()
    {
        var page = Open(OperatorRoles.Operator);
        page.Find("input[role=switch]").Change(true);

        Text(page, "two boxes");

        page.WaitForAssertion(() => page.Find(".bubble-line.out").TextContent.ShouldEndWith("sent twice, one answer"), Patience);
    }

    [Fact]
    public void Refused_text_stays_on_the_screen_with_the_reason()
    {
        _desk.AlwaysAnswers = 403;
        var page = Open(OperatorRoles.Operator);

        Text(page, "psst");

        page.WaitForAssertion(() => page.Find(".bubble-line.out .state.stop").TextContent.ShouldBe("Refused: wrong signature"), Patience);
        page.WaitForAssertion(() => page.Find(".wire td.status").TextContent.ShouldBe("403"), Patience);
    }

    [Fact]
    public async Task Paused_service_holds_the_text_and_shows_no_dots()
    {
        await _desk.Road.Switches.PauseAsync(null, "Maintenance", null, RoadHost.Admin, CancellationToken.None);
        await Until.TrueAsync(() => _desk.Road.Get<SwitchWatch>().Latest?.IsPaused == true);
        var page = Open(OperatorRoles.Operator);

        Text(page, "are you there?");
        page.WaitForAssertion(() => page.Find(".bubble-line.out .state").TextContent.ShouldBe("Held"), Patience);
        Text(page, "hello?");

        page.WaitForAssertion(() => page.FindAll(".bubble-line.out .state").Select(state => state.TextContent).ShouldBe(["Held", "Queued"]), Patience);
        page.FindAll(".dots").ShouldBeEmpty();
    }

    [Fact]
    public void Stop_word_shows_the_number_as_opted_out()
    {
        var page = Open(OperatorRoles.Operator);

        page.FindAll(".quick button").Single(button => button.TextContent == "STOP").Click();

        page.WaitForAssertion(() => page.Find(".handsets a.chosen .small").TextContent.ShouldBe("Robin, opted out"), Patience);
    }

    [Fact]
    public async Task Viewer_sees_that_texts_are_there_but_not_their_words()
    {
        await _desk.Road.TextAsync("+15550100111", "a private matter");
        await _desk.Road.SettledAsync(taken: 1);

        var page = Open(OperatorRoles.Viewer);

        page.WaitForAssertion(() => page.FindAll(".bubble .hidden-text").Count.ShouldBe(2), Patience);
        page.Markup.ShouldNotContain("private");
        page.Find(".compose input").HasAttribute("disabled").ShouldBeTrue();
        page.Find(".compose input").GetAttribute("title").ShouldBe("Your role may look, not text");
    }

    [Fact]
    public async Task Chosen_line_of_the_wire_shows_its_fields_without_the_body()
    {
        var page = Open(OperatorRoles.Operator);
        Text(page, "my plum cake");
        page.WaitForAssertion(() => page.FindAll(".wire tr.opens").ShouldNotBeEmpty(), Patience);

        await page.InvokeAsync(() => page.FindAll(".wire tr.opens")[^1].Click());

        page.WaitForElement(".detail", Patience).TextContent.ShouldContain("12 characters");
        page.Find(".detail").TextContent.ShouldNotContain("plum");
    }

    [Fact]
    public void Number_that_may_be_somebodys_is_not_added()
    {
        var page = Open(OperatorRoles.Operator);
        page.Find(".handsets .add button").Click();

        page.WaitForElement("#new-number", Patience).Change("+14155552671");
        page.Find(".adding").Submit();

        page.WaitForAssertion(() => page.Find("#new-number-fault").TextContent.ShouldStartWith("This may be somebody's number."), Patience);
        page.FindAll(".handsets li a").Count.ShouldBe(4);
    }

    private IRenderedComponent<PhonePage> Open(string role)
    {
        _desk.Furnish(this, role);
        var page = Render<PhonePage>();
        page.WaitForAssertion(() => page.FindAll(".handsets li a").Count.ShouldBeGreaterThan(0), Patience);
        return page;
    }

    private static void Text(IRenderedComponent<PhonePage> page, string body)
    {
        page.Find(".compose input").Change(body);
        page.Find(".compose").Submit();
    }

    private static IEnumerable<string> Bubbles(IRenderedComponent<PhonePage> page) =>
        page.FindAll(".bubble").Where(bubble => bubble.QuerySelector(".dots") is null).Select(bubble => bubble.TextContent.Trim());
}
