using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform;
using SmsAi.Web.Features.Stories;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Stories;

/// <summary>The page of one message on the real road.</summary>
public sealed class MessagePageTests : BunitContext, IAsyncLifetime
{
    private const string Sender = "+15550100111";
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private TestDatabase _database = null!;
    private RoadHost _road = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _road = await RoadHost.StartAsync(_database);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _road.DisposeAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Answered_text_tells_its_story_with_both_texts_and_its_cost()
    {
        await AnsweredAsync("why exit 137?");

        var page = Open(await NewestAsync("out"), OperatorRoles.Operator);

        page.Find("h1").TextContent.ShouldStartWith("SentAnswer to ");
        page.FindAll(".bubble").Select(bubble => bubble.TextContent).ShouldBe(["why exit 137?", "You said: why exit 137?"]);
        page.FindAll(".timeline .title").Select(title => title.TextContent).ShouldBe(
        [
            "Webhook received", "Signature holds", "Stored", "Routed to General", "Asked gpt-4o-mini-2024-07-18", "Answered: 100 tokens",
            "Gates out: all open", "Sending, committed before the call", "Carrier accepted",
        ]);
        page.Find(".segment-bar").GetAttribute("aria-label")!.ShouldContain("Model");
        page.FindAll(".fact-list .total")[1].TextContent.ShouldMatch(@"^\$0\.00\d{4}$");
        page.Find("[data-copy^=message]").GetAttribute("data-copy")!.ShouldContain("conversation ");
    }

    [Fact]
    public async Task Story_goes_on_under_the_reader()
    {
        var thought = new TaskCompletionSource();
        _road.Model.Thinks = thought.Task;
        await _road.TextAsync(Sender, "slow one");
        var page = Open(await NewestAsync("in"), OperatorRoles.Operator);
        page.Find(".goes-on").TextContent.ShouldContain("It goes on");
        thought.SetResult();

        page.WaitForAssertion(() => page.FindAll(".bubble").Select(bubble => bubble.TextContent).ShouldBe(["slow one", "You said: slow one"]), Patience);
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    public async Task Whoever_may_not_read_texts_sees_their_shape_alone(string role)
    {
        await AnsweredAsync("a private matter");

        var page = Open(await NewestAsync("out"), role);

        page.FindAll(".bubble .hidden-text").Count.ShouldBe(2);
        page.Markup.ShouldNotContain("private");
        page.FindAll(".timeline .title").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Stories_of_a_conversation_lead_to_each_other()
    {
        await AnsweredAsync("first");
        await AnsweredAsync("second");
        var texts = await _database.ListAsync<long>("select id from messages where direction = 'in' order by id");

        var page = Open(texts[1], OperatorRoles.Operator);

        page.Find("[aria-label^=Older]").GetAttribute("href").ShouldBe($"messages/{texts[0]}");
        page.Find("[aria-label^=Newer]").HasAttribute("href").ShouldBeFalse();
        page.Render(p => p.Add(message => message.Id, texts[0]));
        page.WaitForAssertion(() => page.Find("[aria-label^=Newer]").GetAttribute("href").ShouldBe($"messages/{texts[1]}"), Patience);
    }

    [Fact]
    public async Task Dead_letter_is_put_back_once_and_the_trail_says_by_whom()
    {
        for (var time = 0; time < 3; time++)
            _road.Model.Next(_ => throw new InvalidOperationException("a fault of ours"));
        await _road.TextAsync(Sender, "unlucky");
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from dead_letters") == 1);
        var page = Open(await NewestAsync("in"), OperatorRoles.Operator);
        page.Find("h1").TextContent.ShouldStartWith("Dead letter");

        Replay(page).Click();

        page.WaitForAssertion(() => page.FindAll(".timeline .title").Select(title => title.TextContent).ShouldContain("Carrier accepted"), Patience);
        page.FindAll("button").ShouldNotContain(button => button.TextContent.Contains("Replay", StringComparison.Ordinal));
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || (metadata - 'deadLetter' - 'correlation') from audit where action like 'dead_letter%'"))
            .ShouldBe(["""Mara dead_letter.replay {"after": {"state": "queued again"}, "before": {"state": "dead letter"}}"""]);
        _road.Carrier.Taken.ShouldHaveSingleItem().Body.ShouldBe("You said: unlucky");
    }

    [Fact]
    public async Task While_all_is_stopped_nothing_can_be_put_back()
    {
        for (var time = 0; time < 3; time++)
            _road.Model.Next(_ => throw new InvalidOperationException("a fault of ours"));
        await _road.TextAsync(Sender, "unlucky");
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from dead_letters") == 1);

        var page = Open(await NewestAsync("in"), OperatorRoles.Operator, new RailModel { Condition = ServiceCondition.Stopped });

        Replay(page).HasAttribute("disabled").ShouldBeTrue();
        Replay(page).GetAttribute("title").ShouldBe("Off while the service is stopped");
    }

    [Fact]
    public void Unknown_message_says_so()
    {
        var page = Open(424242, OperatorRoles.Viewer);

        page.Find(".empty .title").TextContent.ShouldBe("There is no such message");
    }

    private static AngleSharp.Dom.IElement Replay(IRenderedComponent<MessagePage> page) =>
        page.FindAll("button").Single(button => button.TextContent.Contains("Replay once", StringComparison.Ordinal));

    private async Task AnsweredAsync(string body)
    {
        var before = _road.Carrier.Taken.Count;
        await _road.TextAsync(Sender, body);
        await _road.SettledAsync(taken: before + 1);
    }

    [Fact]
    public async Task Mark_of_an_error_stands_on_the_story_with_its_note_for_those_who_may_read()
    {
        await AnsweredAsync("first");
        var answer = await NewestAsync("out");
        await Marks.MarkAsync(answer, "Invented a <b>refund</b>", new("Jonas", null, OperatorRoles.Operator), CancellationToken.None);

        var page = Open(await NewestAsync("in"), OperatorRoles.Operator);

        page.Find(".note").TextContent.ShouldContain("Jonas marked this as an error.");
        page.Find(".note").TextContent.ShouldContain("Invented a <b>refund</b>");
        await DisposeComponentsAsync();
        var viewer = await Marks.ReadAsync(answer, withNote: false, CancellationToken.None);
        viewer!.Note.ShouldBeNull();
        (await _database.ScalarAsync<string>("select m::text from message_marks m"))!.ShouldNotContain("refund");
        (await Marks.ClearAsync(answer, new("Jonas", null, OperatorRoles.Operator), CancellationToken.None)).ShouldBeTrue();
        (await Marks.ReadAsync(answer, withNote: true, CancellationToken.None)).ShouldBeNull();
        (await _database.ListAsync<string>("select action from audit order by id")).ShouldBe(["message.mark", "message.unmark"]);
    }

    private MessageMarks Marks => new(_road.Get<Databases>(), _road.Get<SmsAi.Core.Pipeline.Queueing.Outbox>(), _road.Get<PersonKeys>(), _road.Get<LiveFeed>());

    private Task<long> NewestAsync(string direction) =>
        _database.ScalarAsync<long>("select max(id) from messages where direction = $1::message_direction", direction);

    private IRenderedComponent<MessagePage> Open(long id, string role, RailModel? rail = null)
    {
        var databases = _road.Get<Databases>();
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddScoped<Toasts>().AddSingleton(_road.Get<LiveFeed>());
        Services.AddTransient(_ => new MessageModel(
            new StoryReader(databases, new MessageBodies(databases, _road.Get<PersonKeys>())), new StoryNeighbours(databases), new StoryReplay(databases, _road.Get<LiveFeed>()), Marks));
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        var page = Render<MessagePage>(p => p.Add(message => message.Id, id).AddCascadingValue(rail ?? new RailModel()));
        page.WaitForAssertion(() => page.FindAll("h1").ShouldNotBeEmpty(), Patience);
        return page;
    }
}
