using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Conversations;

/// <summary>A person answers in place of the AI: one of them, never both, whatever the moment.</summary>
public sealed class TakeOverTests : IAsyncLifetime
{
    private const string Robin = "+15550100111";

    private TestDatabase _database = null!;
    private Actor _mara = null!;
    private Actor _jonas = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _mara = new("Mara", await OperatorAsync("mara"), OperatorRoles.Operator);
        _jonas = new("Jonas", await OperatorAsync("jonas"), OperatorRoles.Operator);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task In_the_very_moment_of_the_answer_exactly_one_of_the_two_reaches_the_carrier()
    {
        var (carrier, model) = (new FakeCarrier(), new FakeModel { Latency = TimeSpan.FromMilliseconds(2) });
        await using var one = await RoadHost.StartAsync(_database, carrier, model);
        await using var two = await RoadHost.StartAsync(_database, carrier, model);
        const int people = 96;
        var random = new Random(20261121);
        int[] waits = [.. Enumerable.Range(0, people).Select(_ => random.Next(0, 24))];
        var outcomes = new HandOutcome[people];

        // The race's two ends are certain: she is there while the model still thinks, and when the answer has gone.
        model.Latency = TimeSpan.FromSeconds(60);
        await RaceAsync(0, () => Until.TrueAsync(() => model.Asked.Count == 1, "the model is asked"));
        model.Latency = TimeSpan.FromMilliseconds(2);
        await RaceAsync(1, () => Until.TrueAsync(() => carrier.Taken.Any(message => message.To == NumberOf(1)), "the answer has gone"));
        outcomes[0].ShouldBeOfType<HandOutcome.Queued>();
        outcomes[1].ShouldBeOfType<HandOutcome.AnsweredMeanwhile>();

        // A few at a time, so that the answer's own way is short, and she comes before, amid and after it.
        foreach (var few in Enumerable.Range(2, people - 2).Chunk(6))
            await Task.WhenAll(few.Select(n => RaceAsync(n, () => Task.Delay(waits[n]))));

        await one.SettledAsync(people);

        for (var n = 0; n < people; n++)
        {
            string[] got = [.. carrier.Taken.Where(message => message.To == NumberOf(n)).Select(message => message.Body)];
            got.ShouldBe([outcomes[n] is HandOutcome.Queued ? $"by hand {n}" : $"You said: text {n}"], $"person {n}, after {waits[n]} ms: {outcomes[n]}");
        }

        outcomes.ShouldAllBe(outcome => outcome is HandOutcome.Queued || outcome is HandOutcome.AnsweredMeanwhile);
        (await _database.ScalarAsync<long>("select count(*) from conversations where lease_until is null and pending = 0")).ShouldBe(people);

        async Task RaceAsync(int n, Func<Task> wait)
        {
            await (n % 2 == 0 ? one : two).TextAsync(NumberOf(n), $"text {n}");
            var conversation = await ConversationAsync(NumberOf(n), one);
            await wait();
            // She saw the text alone, which stands at the first place.
            outcomes[n] = await two.Get<HandTexts>().SendAsync(conversation, $"by hand {n}", seen: 1, isSure: false, _mara, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Model_call_in_flight_ends_at_once_and_what_it_writes_next_is_a_suggestion()
    {
        var model = new FakeModel { Latency = TimeSpan.FromSeconds(60) };
        await using var road = await RoadHost.StartAsync(_database, model: model);
        await road.TextAsync(Robin, "where is it?");
        await Until.TrueAsync(() => model.Asked.Count == 1);
        model.Latency = TimeSpan.FromMilliseconds(1);
        var conversation = await ConversationAsync(Robin, road);

        (await road.Get<TakeOvers>().TakeAsync(conversation, null, _mara, CancellationToken.None)).ShouldBe(new TakeOutcome.Taken(0, false));

        await Until.TrueAsync(async () => await SuggestionAsync(road, conversation) == "You said: where is it?", "the suggestion is there", seconds: 30);
        road.Carrier.Calls.ShouldBeEmpty();
        (await _database.ScalarAsync<long>("select count(*) from queue")).ShouldBe(0);
        (await _database.ScalarAsync<long>("select count(*) from conversations where lease_until is null and pending = 0")).ShouldBe(1);
        (await TrailAsync()).ShouldBe(["Mara conversation.take"]);
        (await _database.ListAsync<string>("select type from events where type not in ('received', 'answered')")).ShouldBe(["taken", "ignored"]);
    }

    [Fact]
    public async Task Written_answer_that_has_not_left_becomes_a_suggestion_and_never_leaves()
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.TextAsync(Robin, "one");
        await road.SettledAsync(1);
        var person = await _database.ScalarAsync<long>("select id from users");
        // Held while the model writes: the answer is written and does not leave.
        using var isHeld = new ManualResetEventSlim();
        road.Model.Next(request =>
        {
            isHeld.Wait(TimeSpan.FromSeconds(20)).ShouldBeTrue();
            return new ModelResult.Answer("You said: " + request.Turns[^1].Text, "gpt-4o-mini", new ModelUsage(10, 0, 5, 0), "stop");
        });
        await road.TextAsync(Robin, "two");
        await Until.TrueAsync(() => road.Model.Asked.Count == 2, "the model is asked");
        var hold = await road.Get<Holds>().HoldPersonAsync(person, "looking into it", _mara, CancellationToken.None);
        isHeld.Set();
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from queue where state = 'held' and outbound_id is not null") == 1);
        var conversation = await ConversationAsync(Robin, road);

        var taken = await road.Get<TakeOvers>().TakeAsync(conversation, null, _mara, CancellationToken.None);

        taken.ShouldBe(new TakeOutcome.Taken(1, false));
        (await SuggestionAsync(road, conversation)).ShouldBe("You said: two");
        await road.Get<Holds>().LiftAsync(hold, "done", _mara, CancellationToken.None);
        await road.Get<SmsAi.Core.Pipeline.Sending.HeldSends>().WakeAsync(CancellationToken.None);
        await road.SettledAsync(1);
        road.Carrier.Taken.Select(message => message.Body).ShouldBe(["You said: one"]);
        (await _database.ScalarAsync<long>("select count(*) from queue")).ShouldBe(0);
    }

    [Fact]
    public async Task Given_back_by_hand_the_suggestion_goes_out_once_without_asking_the_model_again()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var conversation = await TakenAsync(road);
        await road.TextAsync(Robin, "anybody?");
        await Until.TrueAsync(async () => await SuggestionAsync(road, conversation) == "You said: anybody?", "the suggestion is there");
        var asked = road.Model.Asked.Count;

        (await road.Get<TakeOvers>().GiveBackAsync(conversation, _mara, CancellationToken.None)).ShouldBeTrue();
        (await road.Get<TakeOvers>().GiveBackAsync(conversation, _jonas, CancellationToken.None)).ShouldBeFalse();
        await road.SettledAsync(2);

        road.Carrier.Taken.Select(message => message.Body).ShouldBe(["You said: first", "You said: anybody?"]);
        road.Model.Asked.Count.ShouldBe(asked);
        await road.TextAsync(Robin, "thanks");
        await road.SettledAsync(3);
        (await TrailAsync()).ShouldBe(["Mara conversation.take", "Mara conversation.give_back"]);
    }

    [Fact]
    public async Task Given_back_after_her_own_answer_nothing_more_is_said()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var conversation = await TakenAsync(road);
        await road.TextAsync(Robin, "anybody?");
        await Until.TrueAsync(async () => await SuggestionAsync(road, conversation) is not null, "the suggestion is there");
        await SendAsync(road, conversation, "Mara here.");
        await road.SettledAsync(2);

        (await SuggestionAsync(road, conversation)).ShouldBeNull();
        await road.Get<TakeOvers>().GiveBackAsync(conversation, _mara, CancellationToken.None);
        await road.SettledAsync(2);

        road.Carrier.Taken.Select(message => message.Body).ShouldBe(["You said: first", "Mara here."]);
        // What the model is shown next is what was really said.
        await road.TextAsync(Robin, "and now?");
        await road.SettledAsync(3);
        road.Model.Asked.Last().Turns.Select(turn => turn.Text).ShouldBe(["first", "You said: first", "anybody?", "Mara here.", "and now?"]);
    }

    [Fact]
    public async Task Left_idle_it_goes_back_by_itself_once_though_two_replicas_look()
    {
        await using var one = await RoadHost.StartAsync(_database);
        await using var two = await RoadHost.StartAsync(_database, one.Carrier, one.Model);
        var conversation = await TakenAsync(one);
        await one.TextAsync(Robin, "anybody?");
        await Until.TrueAsync(async () => await SuggestionAsync(one, conversation) is not null, "the suggestion is there");
        (await one.Get<TakeOvers>().ReturnIdleAsync(TimeSpan.FromMinutes(30), CancellationToken.None)).ShouldBe(0);
        await _database.ExecuteAsync("update conversations set taken_seen = now() - interval '31 minutes'");

        var returned = await Task.WhenAll(
            one.Get<TakeOvers>().ReturnIdleAsync(TimeSpan.FromMinutes(30), CancellationToken.None),
            two.Get<TakeOvers>().ReturnIdleAsync(TimeSpan.FromMinutes(30), CancellationToken.None));
        await one.SettledAsync(2);

        returned.Sum().ShouldBe(1);
        one.Carrier.Taken.Select(message => message.Body).ShouldBe(["You said: first", "You said: anybody?"]);
        (await _database.ListAsync<string>("select data ->> 'why' from events where type = 'given_back'")).ShouldBe(["idle"]);
        (await TrailAsync()).ShouldBe(["Mara conversation.take", "SmsAi conversation.give_back"]);
    }

    [Fact]
    public async Task Second_operator_learns_who_has_it_and_takes_it_from_her_knowingly()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var conversation = await TakenAsync(road);
        var takeOvers = road.Get<TakeOvers>();

        (await takeOvers.TakeAsync(conversation, null, _jonas, CancellationToken.None)).ShouldBeOfType<TakeOutcome.HeldBy>().Name.ShouldBe("Mara");
        (await road.Get<HandTexts>().SendAsync(conversation, "hello", 99, isSure: false, _jonas, CancellationToken.None))
            .ShouldBeOfType<HandOutcome.HeldBy>().Name.ShouldBe("Mara");
        (await takeOvers.TakeAsync(conversation, _mara.Id, _jonas, CancellationToken.None)).ShouldBeOfType<TakeOutcome.Taken>();
        (await road.Get<HandTexts>().SendAsync(conversation, "hello", 99, isSure: false, _mara, CancellationToken.None))
            .ShouldBeOfType<HandOutcome.HeldBy>().Name.ShouldBe("Jonas");

        var head = await road.Get<ConversationReader>().HeadAsync(conversation, CancellationToken.None);
        head!.Holder!.Name.ShouldBe("Jonas");
        var turns = await road.Get<ConversationReader>().TurnsAsync(conversation, 1, CancellationToken.None);
        turns.Select(turn => $"{turn.By} from {turn.From ?? "AI"}").ShouldBe(["Mara from AI", "Jonas from Mara"]);
    }

    [Fact]
    public async Task Two_operators_at_once_make_one_holder()
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.TextAsync(Robin, "first");
        await road.SettledAsync(1);
        var conversation = await ConversationAsync(Robin, road);

        var both = await Task.WhenAll(
            road.Get<TakeOvers>().TakeAsync(conversation, null, _mara, CancellationToken.None),
            road.Get<TakeOvers>().TakeAsync(conversation, null, _jonas, CancellationToken.None));

        both.Count(outcome => outcome is TakeOutcome.Taken).ShouldBe(1);
        both.Count(outcome => outcome is TakeOutcome.HeldBy).ShouldBe(1);
        (await TrailAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Her_text_does_not_wait_for_the_suggestion_that_is_being_written()
    {
        var model = new FakeModel();
        await using var road = await RoadHost.StartAsync(_database, model: model);
        var conversation = await TakenAsync(road);
        model.Latency = TimeSpan.FromSeconds(60);
        await road.TextAsync(Robin, "quickly please");
        await road.TextAsync(Robin, "hello?");
        await Until.TrueAsync(() => model.Asked.Count == 2);

        (await road.Get<HandTexts>().SendAsync(conversation, "Coming.", await PositionAsync(conversation), isSure: false, _mara, CancellationToken.None))
            .ShouldBeOfType<HandOutcome.Queued>();

        await Until.TrueAsync(() => road.Carrier.Taken.Any(message => message.Body == "Coming."), seconds: 30);
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from queue") == 0, "both texts are answered by her");
        (await _database.ScalarAsync<int>("select pending from conversations")).ShouldBe(0);
    }

    [Fact]
    public async Task Her_texts_meet_the_gates_like_all_others_and_leave_in_their_order()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var conversation = await TakenAsync(road);
        await road.Switches.StopAllAsync(RoadHost.Admin, "drill", CancellationToken.None);
        await SendAsync(road, conversation, "one");
        await SendAsync(road, conversation, "two");
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from queue where state = 'held'") == 2);
        road.Carrier.Taken.Count.ShouldBe(1);

        await road.Switches.ResumeAsync("kill", "drill over", RoadHost.Admin, CancellationToken.None);
        await road.SettledAsync(3);

        road.Carrier.Taken.Select(message => message.Body).ShouldBe(["You said: first", "one", "two"]);
        (await _database.ListAsync<string>("select by_name from hand_texts")).ShouldBe(["Mara", "Mara"]);
        (await _database.ListAsync<short>("select class from queue")).ShouldBeEmpty();
    }

    [Fact]
    public async Task To_whoever_opted_out_or_is_blocked_nothing_is_sent_and_it_is_said_before()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var conversation = await TakenAsync(road);
        await _database.ExecuteAsync("update users set is_blocked = true");
        (await road.Get<HandTexts>().SendAsync(conversation, "x", 99, false, _mara, CancellationToken.None))
            .ShouldBe(new HandOutcome.Refused("This person is blocked, so nothing is sent to them."));
        await _database.ExecuteAsync("insert into consents (phone_hash, state, source) select phone_hash, 'out', 'text' from users");
        (await road.Get<HandTexts>().SendAsync(conversation, "x", 99, false, _mara, CancellationToken.None))
            .ShouldBe(new HandOutcome.Refused("This person opted out, so nothing is sent to them."));
        (await road.Get<HandTexts>().SendAsync(conversation, "  ", 99, false, _mara, CancellationToken.None)).ShouldBeOfType<HandOutcome.Refused>();
        (await road.Get<HandTexts>().SendAsync(conversation, new string('x', 1612), 99, false, _mara, CancellationToken.None))
            .ShouldBe(new HandOutcome.Refused("It has 1,612 characters, and the carrier takes 1,600: shorten it by 12."));
        (await _database.ScalarAsync<long>("select count(*) from hand_texts")).ShouldBe(0);
    }

    [Fact]
    public async Task What_failed_is_sent_again_once_and_what_is_uncertain_never()
    {
        await using var road = await RoadHost.StartAsync(_database);
        road.Carrier.Next(_ => new SendResult.Refused(30003, "unreachable"));
        await road.TextAsync(Robin, "first");
        await Until.EqualAsync("failed", () => _database.ScalarAsync<string>("select state::text from messages where direction = 'out'"));
        var failed = await _database.ScalarAsync<long>("select id from messages where direction = 'out'");

        var again = await road.Get<HandTexts>().ResendAsync(failed, "the phone was off", _mara, CancellationToken.None);
        await road.SettledAsync(1);

        again.ShouldBeOfType<HandOutcome.Queued>().Message.ShouldNotBe(failed);
        road.Carrier.Taken.Single().Body.ShouldBe("You said: first");
        (await road.Get<HandTexts>().ResendAsync(failed, "again", _jonas, CancellationToken.None)).ShouldBe(new HandOutcome.Refused("It was sent again already."));
        await _database.ExecuteAsync("update messages set state = 'uncertain' where id = $1", failed);
        (await road.Get<HandTexts>().ResendAsync(failed, "again", _jonas, CancellationToken.None))
            .ShouldBe(new HandOutcome.Refused("Only what certainly did not arrive is sent again."));
        road.Carrier.Calls.Count.ShouldBe(2);
        (await _database.ScalarAsync<string>("select metadata ->> 'reason' from audit where action = 'conversation.resend'")).ShouldBe("the phone was off");
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    public async Task Whoever_may_only_look_changes_nothing(string role)
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.TextAsync(Robin, "first");
        await road.SettledAsync(1);
        var conversation = await ConversationAsync(Robin, road);
        var actor = _mara with { Role = role };

        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<TakeOvers>().TakeAsync(conversation, null, actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<TakeOvers>().GiveBackAsync(conversation, actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<HandTexts>().SendAsync(conversation, "x", 99, true, actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<HandTexts>().ResendAsync(1, "why", actor, CancellationToken.None));
        (await TrailAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Half_written_reply_is_kept_encrypted_for_its_writer_until_it_is_sent()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var conversation = await TakenAsync(road);
        var drafts = road.Get<ReplyDrafts>();
        await _database.ExecuteAsync("update conversations set taken_seen = now() - interval '20 minutes'");

        await drafts.SaveAsync(conversation, _mara.Id!.Value, "Yes, xylophone", CancellationToken.None);

        (await drafts.ReadAsync(conversation, _mara.Id!.Value, CancellationToken.None)).ShouldBe("Yes, xylophone");
        (await drafts.ReadAsync(conversation, _jonas.Id!.Value, CancellationToken.None)).ShouldBe("");
        (await _database.ScalarAsync<string>("select d::text from reply_drafts d"))!.ShouldNotContain(Convert.ToHexString("xylophone"u8), Case.Insensitive);
        (await _database.ScalarAsync<bool>("select taken_seen > now() - interval '1 minute' from conversations")).ShouldBeTrue();
        await SendAsync(road, conversation, "Yes, xylophones.");
        (await drafts.ReadAsync(conversation, _mara.Id!.Value, CancellationToken.None)).ShouldBe("");
    }

    [Fact]
    public async Task Limit_notice_is_not_sent_while_a_person_answers()
    {
        await using var road = await RoadHost.StartAsync(_database, settings: [("Limits:free:PerMinute", "1")]);
        var conversation = await TakenAsync(road);

        await road.TextAsync(Robin, "second");
        await road.SettledAsync(1);
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from queue") == 0);

        road.Carrier.Taken.Count.ShouldBe(1);
        (await _database.ListAsync<string>("select kind || ' ' || state from messages where direction = 'out' order by id")).ShouldContain("notice cancelled");
        (await SuggestionAsync(road, conversation)).ShouldBeNull();
    }

    private Task<long> OperatorAsync(string name) => _database.ScalarAsync<long>("insert into operators (user_name) values ($1) returning id", name);

    private static string NumberOf(int n) => $"+1555010{2000 + n}";

    private Task<IReadOnlyList<string>> TrailAsync() => _database.ListAsync<string>("select actor || ' ' || action from audit where action like 'conversation%' order by id");

    private static async Task<string?> SuggestionAsync(RoadHost road, long conversation) =>
        (await road.Get<ConversationReader>().SuggestionAsync(conversation, withText: true, CancellationToken.None))?.Text;

    private Task<long> PositionAsync(long conversation) => _database.ScalarAsync<long>("select version from conversations where id = $1", conversation);

    private async Task SendAsync(RoadHost road, long conversation, string text) =>
        (await road.Get<HandTexts>().SendAsync(conversation, text, await PositionAsync(conversation), isSure: false, _mara, CancellationToken.None))
            .ShouldBeOfType<HandOutcome.Queued>();

    /// <summary>A conversation of one answered text that Mara has taken.</summary>
    private async Task<long> TakenAsync(RoadHost road)
    {
        await road.TextAsync(Robin, "first");
        await road.SettledAsync(1);
        var conversation = await ConversationAsync(Robin, road);
        (await road.Get<TakeOvers>().TakeAsync(conversation, null, _mara, CancellationToken.None)).ShouldBeOfType<TakeOutcome.Taken>();
        return conversation;
    }

    private Task<long> ConversationAsync(string number, RoadHost road) => _database.ScalarAsync<long>(
        "select c.id from conversations c join users u on u.id = c.user_id where u.phone_hash = $1",
        road.Get<SmsAi.Core.Platform.Privacy.PhoneHasher>().Hash(number));
}
