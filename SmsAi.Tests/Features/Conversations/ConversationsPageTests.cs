using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Searching;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Tests.Platform.Ui;
using SmsAi.Web.Features.Conversations;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Conversations;

/// <summary>The inbox and a thread as operators see them.</summary>
public sealed class ConversationsPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private readonly FakeModel _model = new();
    private TestDatabase _database = null!;
    private RunningFeed _feed = null!;
    private HandPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _feed = await RunningFeed.StartAsync(_database.Databases);
        _person = await HandPerson.AddAsync(_database);
        // The texts written by hand here have the numbers below.
        await _database.ScalarAsync<long>("select setval('messages_id_seq', 1000001)");
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _feed.DisposeAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    public async Task Whoever_may_not_read_texts_sees_their_shape_in_list_and_thread(string role)
    {
        await SaysAsync(1, "a private matter");

        var page = Open($"conversations/{_person.Conversation}", role);

        page.WaitForAssertion(() => page.FindAll(".bubble .hidden-text").Count.ShouldBe(1), Patience);
        page.FindAll(".conversation .hidden-text").Count.ShouldBe(1);
        page.Markup.ShouldNotContain("private");
    }

    [Fact]
    public async Task Thread_shows_both_sides_with_state_cost_and_story_and_strangers_words_as_text()
    {
        await SaysAsync(1, "<img src=x onerror=alert(1)> שלום 👩‍👩‍👧", minutesAgo: 3);
        await _person.MessageAsync(2, DateTimeOffset.UtcNow.AddMinutes(-2), "Your parcel is on its way.", "out", "answer", "delivered", replyTo: 1, position: 2);
        await _database.ExecuteAsync("update messages set model_micros = 800, carrier_micros = 7900, num_segments = 2, answer_ms = 1600 where id = 2");
        await _person.EventAsync("answered", """{"m":2,"r":1}""", 1);
        await _database.ReadAllAsync(new InboxReader(_feed.Live));

        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);

        page.WaitForAssertion(() => page.FindAll(".bubble").Count.ShouldBe(2), Patience);
        page.FindAll(".bubble")[0].TextContent.ShouldBe("<img src=x onerror=alert(1)> שלום 👩‍👩‍👧");
        page.FindAll(".bubble").ShouldAllBe(bubble => bubble.GetAttribute("dir") == "auto");
        page.FindAll("img").ShouldBeEmpty();
        var line = page.Find(".bubble-line.out");
        line.TextContent.ShouldContain("AI");
        line.TextContent.ShouldContain("Delivered");
        line.TextContent.ShouldContain("2 segments");
        line.TextContent.ShouldContain("$0.0087");
        line.QuerySelector("a")!.GetAttribute("href").ShouldBe("messages/2");
        page.Find(".conversation .words").TextContent.ShouldBe("AI: Your parcel is on its way.");
        page.Find(".person-pane").TextContent.ShouldContain("Free");
    }

    [Fact]
    public async Task Long_text_is_cut_until_asked_for_and_never_within_a_letter()
    {
        await SaysAsync(1, string.Concat(Enumerable.Repeat("👍🏽 ok ", 1250)));
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => page.FindAll(".whole").Count.ShouldBe(1), Patience);
        page.Find(".bubble span").TextContent.Length.ShouldBeInRange(1400, 1501);
        page.Find(".whole").TextContent.ShouldBe("Show all 10,000 characters");

        await page.InvokeAsync(() => page.Find(".whole").Click());

        page.WaitForAssertion(() => page.Find(".bubble span").TextContent.Length.ShouldBe(10_000), Patience);
        page.FindAll(".whole").ShouldBeEmpty();
    }

    [Fact]
    public async Task Opening_a_thread_reads_it_for_this_operator_and_new_texts_appear_by_themselves()
    {
        await SaysAsync(1, "one");
        await SaysAsync(2, "two");
        var page = Open("conversations", OperatorRoles.Operator);
        page.WaitForAssertion(() => page.Find(".conversation .count").TextContent.ShouldBe("Unread: 2"), Patience);

        Go($"conversations/{_person.Conversation}");
        page.Render(parameters => parameters.Add(one => one.Id, _person.Conversation));
        page.WaitForAssertion(() => page.FindAll(".bubble").Count.ShouldBe(2), Patience);
        await SaysAsync(3, "three");
        _feed.Live.Publish(LiveTopics.Conversations);

        page.WaitForAssertion(() => page.FindAll(".bubble").Count.ShouldBe(3), Patience);
        page.WaitForAssertion(() => page.FindAll(".conversation .count").ShouldBeEmpty(), Patience);
    }

    [Fact]
    public async Task Older_texts_come_above_without_leaving_those_that_are_shown()
    {
        for (var n = 1; n <= 90; n++)
            await _person.MessageAsync(n, DateTimeOffset.UtcNow.AddMinutes(n - 200), $"text {n}", position: n);
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => page.FindAll(".bubble").Count.ShouldBe(40), Patience);

        await page.InvokeAsync(() => page.Find(".older").Click());
        page.WaitForAssertion(() => page.FindAll(".bubble").Count.ShouldBe(80), Patience);
        _feed.Live.Publish(LiveTopics.Messages);
        await page.InvokeAsync(() => page.Find(".older").Click());

        page.WaitForAssertion(() => page.FindAll(".bubble").Select(bubble => bubble.TextContent).ShouldBe(Enumerable.Range(1, 90).Select(n => $"text {n}")), Patience);
        page.FindAll(".older").ShouldBeEmpty();
    }

    [Fact]
    public async Task Filters_stand_in_the_address_and_are_kept_while_reading()
    {
        await SaysAsync(1, "hello");
        await _database.ExecuteAsync("update users set tier_id = 2");

        var page = Open("conversations?show=unread&tier=premium", OperatorRoles.Operator);

        page.Find(".conversation").GetAttribute("href").ShouldBe($"conversations/{_person.Conversation}?show=unread&tier=premium");
        page.FindAll(".chips .chip.on").Select(chip => chip.TextContent).ShouldBe(["Unread1", "Tier Premium"]);
        await page.InvokeAsync(() => Button(page, "Views").Click());
        page.Find("select[aria-label=Tier]").Change("enterprise");
        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("/conversations?show=unread&tier=enterprise", Case.Sensitive);
    }

    [Fact]
    public void Unknown_conversation_says_so() =>
        Open("conversations/4711", OperatorRoles.Operator).WaitForElement(".nothing .title", Patience).TextContent.ShouldBe("There is no such conversation");

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    public async Task Whoever_may_only_look_has_no_way_to_act(string role)
    {
        await SaysAsync(1, "hello");

        var page = Open($"conversations/{_person.Conversation}", role);

        page.WaitForAssertion(() => Button(page, "Take over").HasAttribute("disabled").ShouldBeTrue(), Patience);
        page.FindAll(".act, textarea").ShouldBeEmpty();
        Button(page, "Block…").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public async Task Taking_over_writing_and_giving_back()
    {
        await SaysAsync(1, "where is it?", minutesAgo: 2);
        await _database.ExecuteAsync("update conversations set version = 1");
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => page.Find(".answer-bar").TextContent.ShouldContain("The AI answers here."), Patience);

        await page.InvokeAsync(() => Button(page, "Take over").Click());

        page.WaitForAssertion(() => page.Find(".note").TextContent.ShouldContain("You have this conversation."), Patience);
        page.Find(".note").TextContent.ShouldContain("30 min");
        page.Find(".turn").TextContent.ShouldContain("Mara took over at");
        page.Find(".thread-pane .pill").TextContent.ShouldBe("With you");
        await page.InvokeAsync(() => page.Find("textarea").Input("It’s on its way, no. 12."));
        page.WaitForAssertion(() => page.Find(".counter").TextContent.ShouldBe("24 characters · 1 segment · ’ forces UCS-2"), Patience);
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from reply_drafts") == 1, "the draft is kept");
        await page.InvokeAsync(() => page.Find("form.reply").Submit());

        page.WaitForAssertion(() => page.Find(".bubble.person").TextContent.ShouldBe("It’s on its way, no. 12."), Patience);
        page.Find(".bubble-line.out").TextContent.ShouldContain("Mara");
        page.Find("textarea").GetAttribute("value").ShouldBe("");
        (await _database.ScalarAsync<short>("select class from queue")).ShouldBe((short)2);
        await page.InvokeAsync(() => Button(page, "Give back to AI").Click());
        page.WaitForAssertion(() => page.Find(".answer-bar").TextContent.ShouldContain("The AI answers here."), Patience);
        page.FindAll(".turn")[^1].TextContent.ShouldContain("Mara gave it back to the AI");
        (await _database.ListAsync<string>("select actor || ' ' || action from audit order by id"))
            .ShouldBe(["Mara conversation.take", "Mara conversation.send", "Mara conversation.give_back"]);
    }

    [Fact]
    public async Task Suggestion_stands_beside_the_reply_to_be_used_or_dismissed()
    {
        await SaysAsync(1, "where is it?", minutesAgo: 2);
        await _person.MessageAsync(2, DateTimeOffset.UtcNow.AddMinutes(-1), "<b>On</b> its way.", "out", "answer", "draft", replyTo: 1, position: 2);
        await _database.ExecuteAsync("update conversations set version = 2");
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => page.FindAll(".bubble").Count.ShouldBe(1), Patience);
        page.FindAll(".suggestion").ShouldBeEmpty();
        await page.InvokeAsync(() => Button(page, "Take over").Click());
        page.WaitForAssertion(() => page.Find(".suggestion p").TextContent.ShouldBe("<b>On</b> its way."), Patience);

        await page.InvokeAsync(() => Button(page, "Use").Click());
        page.WaitForAssertion(() => page.Find("textarea").GetAttribute("value").ShouldBe("<b>On</b> its way."), Patience);
        await page.InvokeAsync(() => Button(page, "Dismiss").Click());

        page.WaitForAssertion(() => page.FindAll(".suggestion").ShouldBeEmpty(), Patience);
        (await _database.ScalarAsync<string>("select state::text from messages where id = 2")).ShouldBe("cancelled");
    }

    [Fact]
    public async Task Suggestion_of_several_segments_is_shortened_shown_and_given_back_whole()
    {
        var whole = string.Join(' ', Enumerable.Repeat("Your parcel left our store this morning.", 6));
        await SaysAsync(1, "where is it?", minutesAgo: 2);
        await _person.MessageAsync(2, DateTimeOffset.UtcNow.AddMinutes(-1), whole, "out", "answer", "draft", replyTo: 1, position: 2);
        await _database.ExecuteAsync("update conversations set version = 2");
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => Button(page, "Take over").HasAttribute("disabled").ShouldBeFalse(), Patience);
        await page.InvokeAsync(() => Button(page, "Take over").Click());
        page.WaitForAssertion(() => page.Find(".suggestion p").TextContent.ShouldBe(whole), Patience);
        page.Find(".suggestion").TextContent.ShouldContain("2 segments");

        _model.Latency = TimeSpan.FromSeconds(60);
        await page.InvokeAsync(() => Button(page, "Shorter").Click());
        page.WaitForAssertion(() => page.Find(".suggestion [role=status]").TextContent.ShouldBe("Shortening"), Patience);
        await page.InvokeAsync(() => Button(page, "Cancel").Click());
        page.WaitForAssertion(() => Button(page, "Shorter").ShouldNotBeNull(), Patience);
        page.Find(".suggestion p").TextContent.ShouldBe(whole);

        _model.Latency = TimeSpan.FromMilliseconds(1);
        _model.Next(_ => new ModelResult.RetryLater("busy", null, false));
        await page.InvokeAsync(() => Button(page, "Shorter").Click());
        page.WaitForAssertion(() => page.Find(".suggestion .fault").TextContent.ShouldBe("The model is busy. Try again in a moment."), Patience);
        page.Find(".suggestion p").TextContent.ShouldBe(whole);

        _model.Next(_ => new ModelResult.Answer("It <i>left</i> today.", "gpt-4o-mini", new ModelUsage(100, 0, 10, 0), "stop"));
        await page.InvokeAsync(() => Button(page, "Shorter").Click());
        page.WaitForAssertion(() => page.Find(".suggestion p").TextContent.ShouldBe("It <i>left</i> today."), Patience);
        await page.InvokeAsync(() => Button(page, "Use").Click());
        page.WaitForAssertion(() => page.Find("textarea").GetAttribute("value").ShouldBe("It <i>left</i> today."), Patience);
        await page.InvokeAsync(() => Button(page, "Whole draft").Click());
        page.WaitForAssertion(() => page.Find(".suggestion p").TextContent.ShouldBe(whole), Patience);
    }

    [Fact]
    public async Task Person_is_held_from_her_pane_with_a_reason_released_and_held_again()
    {
        await SaysAsync(1, "hello");
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => Button(page, "Hold…").HasAttribute("disabled").ShouldBeFalse(), Patience);
        var dialogs = Services.GetRequiredService<Radzen.DialogService>();
        dialogs.OnOpen += (_, _, _, _) => _ = page.InvokeAsync(() => dialogs.Close("angry letters"));

        await page.InvokeAsync(() => Button(page, "Hold…").Click());

        page.WaitForAssertion(() => page.Find(".person-pane .reason").TextContent.ShouldBe("angry letters"), Patience);
        page.Find(".person-pane .fact-list dd").TextContent.ShouldBe("Held");
        await page.InvokeAsync(() => Button(page, "Release the hold").Click());
        page.WaitForAssertion(() => page.FindAll(".person-pane .reason").ShouldBeEmpty(), Patience);
        await page.InvokeAsync((await this.ToastAsync("Released: what waited may leave")).Act!);
        page.WaitForAssertion(() => page.Find(".person-pane .reason").TextContent.ShouldBe("angry letters"), Patience);
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || resource from audit where action like 'hold%' order by id"))
            .ShouldBe([$"Mara hold.place user:{_person.Id}", $"Mara hold.lift user:{_person.Id}", $"Mara hold.place user:{_person.Id}"]);
    }

    [Fact]
    public async Task Hold_that_somebody_else_placed_appears_beside_the_open_thread()
    {
        await SaysAsync(1, "hello");
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => page.Find(".person-pane .fact-list dd").TextContent.ShouldNotBe("Held"), Patience);

        await Services.GetRequiredService<Holds>().HoldPersonAsync(_person.Id, "storm", new("Jonas", null, OperatorRoles.Operator), CancellationToken.None);

        page.WaitForAssertion(() => page.Find(".person-pane .reason").TextContent.ShouldBe("storm"), Patience);
        page.Find(".person-pane .fact-list dd").TextContent.ShouldBe("Held");
    }

    [Fact]
    public async Task Hold_that_somebody_else_released_is_said()
    {
        await SaysAsync(1, "hello");
        await _database.ExecuteAsync("insert into holds (user_id, reason, by_name) values ($1, 'storm', 'Jonas')", _person.Id);
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => Button(page, "Release the hold").ShouldNotBeNull(), Patience);
        await _database.ExecuteAsync("delete from holds");

        await page.InvokeAsync(() => Button(page, "Release the hold").Click());

        await this.ToastAsync("Somebody released this hold before");
    }

    [Fact]
    public async Task Search_finds_people_by_the_beginning_of_their_alias_too()
    {
        await SaysAsync(1, "hello");
        await _database.ReadAllAsync(new InboxReader(_feed.Live));
        var alias = (await _database.ScalarAsync<string>("select alias from users"))!;
        var page = Open("conversations", OperatorRoles.Operator);

        await page.InvokeAsync(() => page.Find("input[data-search]").Change(alias[..^2].Replace('-', ' ').ToUpperInvariant()));
        await page.InvokeAsync(() => page.Find("form[role=search]").Submit());

        page.WaitForAssertion(() => page.Find(".found.whom .person").TextContent.ShouldStartWith(alias), Patience);
        page.Find(".found.whom").GetAttribute("href").ShouldBe($"conversations/{_person.Conversation}");
        page.Find(".inbox footer").TextContent.ShouldBe("1 person, 0 texts found");
        await page.InvokeAsync(() => page.Find("input[data-search]").Change(alias[2..]));
        await page.InvokeAsync(() => page.Find("form[role=search]").Submit());
        page.WaitForAssertion(() => page.FindAll(".found.whom").ShouldBeEmpty(), Patience);
    }

    [Fact]
    public async Task Answer_that_left_while_she_wrote_is_told_before_a_second_one_goes_out()
    {
        await SaysAsync(1, "where is it?", minutesAgo: 3);
        await _database.ExecuteAsync("update conversations set version = 1");
        var page = Open($"conversations/{_person.Conversation}", OperatorRoles.Operator);
        page.WaitForAssertion(() => Button(page, "Take over").HasAttribute("disabled").ShouldBeFalse(), Patience);
        await page.InvokeAsync(() => Button(page, "Take over").Click());
        page.WaitForAssertion(() => page.FindAll("textarea").Count.ShouldBe(1), Patience);
        await _person.MessageAsync(2, DateTimeOffset.UtcNow, "On its way.", "out", "answer", "sending", replyTo: 1, position: 9);

        await page.InvokeAsync(() => page.Find("textarea").Input("Let me look."));
        await page.InvokeAsync(() => page.Find("form.reply").Submit());

        page.WaitForAssertion(() => page.Find(".reply .note").TextContent.ShouldContain("An answer left while you wrote."), Patience);
        (await _database.ScalarAsync<long>("select count(*) from queue")).ShouldBe(0);
        await page.InvokeAsync(() => Button(page, "Send mine too").Click());
        page.WaitForAssertion(() => page.FindAll(".bubble.person").Count.ShouldBe(1), Patience);
    }

    [Fact]
    public async Task Somebody_elses_conversation_says_whose_and_can_be_taken()
    {
        await SaysAsync(1, "where is it?");
        var jonas = await _database.ScalarAsync<long>("insert into operators (user_name) values ('jonas') returning id");
        await _database.ExecuteAsync("update conversations set version = 1, taken_by = $1, taken_name = 'Jonas', taken_at = now(), taken_seen = now()", jonas);

        var page = Open($"conversations/{_person.Conversation}?show=taken", OperatorRoles.Operator);

        page.WaitForAssertion(() => page.Find(".answer-bar").TextContent.ShouldContain("Jonas has this conversation"), Patience);
        page.FindAll("textarea").ShouldBeEmpty();
        page.Find(".conversation .state").GetAttribute("title").ShouldBe("With Jonas");
        await page.InvokeAsync(() => Button(page, "Take it from Jonas").Click());
        page.WaitForAssertion(() => page.FindAll("textarea").Count.ShouldBe(1), Patience);
        page.Find(".turn").TextContent.ShouldContain("Mara took over from Jonas");
    }

    [Fact]
    public async Task Search_finds_words_in_encrypted_texts_marks_them_and_leads_to_their_place()
    {
        for (var n = 1; n <= 60; n++)
            await _person.MessageAsync(n, DateTimeOffset.UtcNow.AddMinutes(n - 100), n == 3 ? "my <b>Parcel</b> is late" : $"text {n}", position: n);
        await _person.EventAsync("received", """{"m":3}""", 3);
        await _database.ReadAllAsync(new TermsReader(new PersonKeys(TestKeys.Masters), new SearchKeys(_database.Databases.Road, TestKeys.Masters)));
        await _database.ReadAllAsync(new InboxReader(_feed.Live));
        var page = Open("conversations", OperatorRoles.Operator);

        await page.InvokeAsync(() => page.Find("input[data-search]").Change("parcel"));
        await page.InvokeAsync(() => page.Find("form[role=search]").Submit());

        page.WaitForAssertion(() => page.Find(".found .snippet").TextContent.ShouldBe("my <b>Parcel</b> is late"), Patience);
        page.FindAll(".found mark").Select(mark => mark.TextContent).ShouldBe(["Parcel"]);
        page.FindAll(".found b").ShouldBeEmpty();
        page.Find(".found").GetAttribute("href").ShouldBe($"conversations/{_person.Conversation}?message=3");
        Services.GetRequiredService<NavigationManager>().Uri.ShouldNotContain("parcel");
        await DisposeComponentsAsync();
        Go($"conversations/{_person.Conversation}?message=3");
        var thread = Render<ConversationsPage>(parameters => parameters.Add(one => one.Id, _person.Conversation));
        thread.WaitForAssertion(() => thread.Find(".bubble.wanted").TextContent.ShouldBe("my <b>Parcel</b> is late"), Patience);
    }

    [Fact]
    public async Task Whoever_may_not_read_texts_may_not_search_them()
    {
        await SaysAsync(1, "parcel");
        Open("conversations", OperatorRoles.Viewer).Find("input[data-search]").HasAttribute("disabled").ShouldBeTrue();
        await Should.ThrowAsync<UnauthorizedAccessException>(() => Services.GetRequiredService<TextSearch>().FindAsync("parcel", OperatorRoles.Viewer, CancellationToken.None));
    }

    [Fact]
    public async Task Views_are_ones_own_or_everyones_and_keep_the_filters()
    {
        await SaysAsync(1, "hello");
        var page = Open("conversations?show=unread&tier=free", OperatorRoles.Operator);
        var views = Services.GetRequiredService<SavedViews>();
        var mara = new Actor("Mara", await _database.ScalarAsync<long>("select id from operators where user_name = 'mara'"), OperatorRoles.Operator);
        var jonas = new Actor("Jonas", await _database.ScalarAsync<long>("insert into operators (user_name) values ('jonas') returning id"), OperatorRoles.Viewer);
        await views.SaveAsync("Mine", "?show=unread", isShared: false, mara, CancellationToken.None);
        await views.SaveAsync("Free and unread", "?show=unread&tier=free", isShared: true, mara, CancellationToken.None);

        (await views.ListAsync(jonas.Id!.Value, CancellationToken.None)).Select(view => view.Name).ShouldBe(["Free and unread"]);
        await Should.ThrowAsync<UnauthorizedAccessException>(() => views.SaveAsync("x", "", isShared: true, jonas, CancellationToken.None));
        var shared = (await views.ListAsync(jonas.Id!.Value, CancellationToken.None)).Single();
        (await views.RemoveAsync(shared.Id, jonas, CancellationToken.None)).ShouldBeFalse();
        await DisposeComponentsAsync();
        page = Render<ConversationsPage>();
        page.WaitForAssertion(() => page.FindAll("button").ShouldContain(button => button.TextContent == "Views"), Patience);
        await page.InvokeAsync(() => Button(page, "Views").Click());
        page.WaitForAssertion(() => page.FindAll(".views a").Select(view => view.GetAttribute("href")).ShouldBe(["conversations?show=unread", "conversations?show=unread&tier=free"]), Patience);
        await page.InvokeAsync(() => page.Find("button[aria-label='Remove the view Mine']").Click());
        page.WaitForAssertion(() => page.FindAll(".views a").Count.ShouldBe(1), Patience);
        (await _database.ListAsync<string>("select action from audit")).ShouldBe(["view.share"]);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<ConversationsPage> page, string words) =>
        page.FindAll("button").Single(button => button.TextContent.Trim() == words || button.TextContent == words + " T");

    private async Task SaysAsync(long id, string body, int minutesAgo = 1)
    {
        await _person.MessageAsync(id, DateTimeOffset.UtcNow.AddMinutes(-minutesAgo), body, position: id);
        await _person.EventAsync("received", $$"""{"m":{{id}}}""", id);
        await _database.ReadAllAsync(new InboxReader(_feed.Live));
    }

    private void Go(string path) => Services.GetRequiredService<NavigationManager>().NavigateTo(path);

    private IRenderedComponent<ConversationsPage> Open(string path, string role)
    {
        var tiers = new TierLimits(_database.Databases, Options.Create(new LimitsOptions()), TimeProvider.System, NullLogger<TierLimits>.Instance);
        var limits = new LimitUse(
            tiers, new MonthBudget(_database.Databases, TimeProvider.System),
            new LoopGuard(_database.Databases, TestKeys.Hasher, Options.Create(new LoopGuardOptions { Enabled = false }), NullLogger<LoopGuard>.Instance),
            Options.Create(new LimitsOptions()), new RedisConnection(null), TimeProvider.System);
        var bodies = new MessageBodies(_database.Databases, new PersonKeys(TestKeys.Masters));
        var mara = _database.ScalarAsync<long>("insert into operators (user_name, created_at) values ('mara', '2026-01-01') returning id").GetAwaiter().GetResult();
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddSingleton(_feed.Live);
        Services.AddSingleton(new InboxList(_database.Databases, bodies, TimeProvider.System)).AddSingleton(new ConversationReader(_database.Databases, bodies));
        Services.AddSingleton(new PeopleList(_database.Databases, TestKeys.Hasher, TimeProvider.System));
        Services.AddSingleton(new PersonReader(_database.Databases, limits, TimeProvider.System));
        Services.AddTransient<InboxModel>().AddTransient<ThreadModel>();
        var keys = new PersonKeys(TestKeys.Masters);
        var recent = new RecentTurns(
            new RedisConnection(null), new ThreadReader(_database.Databases, TestKeys.Masters, NullLogger<ThreadReader>.Instance),
            Options.Create(new RecentTurnsOptions()), NullLogger<RecentTurns>.Instance);
        var outbox = new Outbox(new Ids(_database.Databases.Pages), keys, TestKeys.Masters, TestKeys.Hasher);
        var takeOvers = new TakeOvers(_database.Databases, recent, _feed.Live);
        Services.AddSingleton(takeOvers).AddSingleton(new HandTexts(_database.Databases, takeOvers, outbox, keys, _feed.Live));
        Services.AddSingleton(new ReplyDrafts(_database.Databases, outbox, keys)).AddSingleton(new MessageMarks(_database.Databases, outbox, keys, _feed.Live));
        Services.AddSingleton(new PeopleActs(_database.Databases, _feed.Live, TimeProvider.System)).AddSingleton(new PersonContacts(_database.Databases, keys));
        Services.AddSingleton(new SavedViews(_database.Databases)).AddSingleton(new TextSearch(_database.Databases, new SearchKeys(_database.Databases.Road, TestKeys.Masters), bodies));
        Services.AddSingleton(Options.Create(new ConversationsOptions())).AddScoped<Toasts>().AddScoped<ClientAddress>().AddScoped<Radzen.DialogService>();
        Services.AddScoped<ConversationDesk>().AddScoped<PeopleDesk>().AddScoped<ChangeToasts>().AddActing(_database);
        Services.AddSingleton(new Holds(_database.Databases, TestKeys.Hasher, _feed.Live));
        Services.AddSingleton(new Shortener(
            _database.Databases, bodies, _model, new OpenGate(), tiers, new Prices(_database.Databases, TimeProvider.System, NullLogger<Prices>.Instance), TestKeys.Hasher,
            Options.Create(new OpenAiOptions())));
        JSInterop.Mode = JSRuntimeMode.Loose;
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetClaims(new System.Security.Claims.Claim(System.Security.Claims.ClaimTypes.NameIdentifier, mara.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        Go(path);
        var id = path.Split('?')[0].Split('/') is [_, var number] ? long.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : (long?)null;
        var page = Render<ConversationsPage>(parameters => parameters.Add(one => one.Id, id));
        page.WaitForAssertion(() => page.FindAll(".inbox .lines .skeleton").ShouldBeEmpty(), Patience);
        return page;
    }

    private sealed class OpenGate : IAnswerGate
    {
        public string? ClosedBy => null;

        public bool IsHeld(Turn turn) => false;

        public ModelCallTicket Begin() => new(() => { }, CancellationToken.None);
    }
}
