using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Conversations;

/// <summary>Asking the model for a shorter suggestion: only while a call is allowed, counted whatever comes of it, and the suggestion stays.</summary>
public sealed class ShortenerTests : IAsyncLifetime
{
    private const string Robin = "+15550100111";
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("Your parcel left our store this morning.", 6));
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeModel _model = new();
    private TestDatabase _database = null!;
    private RoadHost _road = null!;
    private Actor _mara = null!;
    private long _conversation;
    private long _draft;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _mara = new("Mara", await _database.ScalarAsync<long>("insert into operators (user_name) values ('mara') returning id"), OperatorRoles.Operator);
        await _database.ExecuteAsync("update tiers set models = '{gpt-4.1-mini}' where id = 2");
        _road = await RoadHost.StartAsync(_database, model: _model);
        await _road.TextAsync(Robin, "first");
        await _road.SettledAsync(1);
        _conversation = await _database.ScalarAsync<long>("select id from conversations");
        (await _road.Get<TakeOvers>().TakeAsync(_conversation, null, _mara, None)).ShouldBeOfType<TakeOutcome.Taken>();
        _model.Next(_ => Answer(Long));
        await _road.TextAsync(Robin, "where is it?");
        await Until.TrueAsync(async () => await SuggestionAsync() is not null, "the suggestion is there");
        _draft = (await SuggestionAsync())!.Message;
    }

    public async ValueTask DisposeAsync()
    {
        await _road.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Shorter_words_come_back_the_suggestion_stays_and_the_money_is_counted()
    {
        _model.Next(_ => Answer("Your parcel left this morning."));

        (await ShortenAsync()).ShouldBe(new ShortenOutcome.Shorter("Your parcel left this morning."));

        _model.Asked.Last().Turns.ShouldHaveSingleItem().Text.ShouldBe(Long);
        (await SuggestionAsync())!.Text.ShouldBe(Long);
        _road.Carrier.Taken.Count.ShouldBe(1, "nothing was sent but the first answer");
        // 800 tokens at 0.15, 200 cached at 0.075 and 100 out at 0.60 dollars a million, twice: the suggestion and the shorter one.
        (await _database.ScalarAsync<long>("select model_micros from messages where id = $1", _draft)).ShouldBe(390);
        await _database.ReadAllAsync(new PeopleReader());
        (await _database.ScalarAsync<long>("select sum(model_micros + carrier_micros) :: bigint - (select spend_micros from user_activity) from messages")).ShouldBe(0);
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || resource from audit where action = 'conversation.shorten'"))
            .ShouldBe([$"Mara conversation.shorten conversation:{_conversation}"]);
    }

    [Fact]
    public async Task Model_that_the_persons_tier_allows_is_asked()
    {
        await _database.ExecuteAsync("update users set tier_id = 2");
        _model.Next(_ => Answer("Your parcel left this morning."));

        (await ShortenAsync()).ShouldBe(new ShortenOutcome.Shorter("Your parcel left this morning."));

        _model.Asked.Last().Model.ShouldBe("gpt-4.1-mini");
    }

    [Fact]
    public async Task What_came_back_longer_is_refused_and_costs_all_the_same()
    {
        _model.Next(_ => Answer(Long + " " + Long));

        (await ShortenAsync()).ShouldBe(new ShortenOutcome.Refused("The model found nothing shorter."));

        (await _database.ScalarAsync<long>("select model_micros from messages where id = $1", _draft)).ShouldBe(390);
    }

    [Fact]
    public async Task While_the_model_is_off_or_all_is_stopped_it_is_not_asked()
    {
        var asked = _model.Asked.Count;
        await _road.Switches.StopModelAsync("costs", RoadHost.Admin, None);
        await Until.TrueAsync(() => _road.Get<SwitchWatch>().ClosedBy == "ai");
        (await ShortenAsync()).ShouldBe(new ShortenOutcome.Refused("The model is off."));

        await _road.Switches.StopAllAsync(RoadHost.Admin, "storm", None);
        await Until.TrueAsync(() => _road.Get<SwitchWatch>().ClosedBy == "kill");
        (await ShortenAsync()).ShouldBe(new ShortenOutcome.Refused("Everything is stopped: the model isn't asked."));

        _model.Asked.Count.ShouldBe(asked);
        (await _database.ScalarAsync<long>("select count(*) from events where type = 'shortened'")).ShouldBe(0);
    }

    [Fact]
    public async Task Stop_ends_the_call_in_flight()
    {
        var asked = _model.Asked.Count;
        _model.Latency = TimeSpan.FromSeconds(60);
        var shortening = ShortenAsync();
        await Until.TrueAsync(() => _model.Asked.Count > asked);

        await _road.Switches.StopAllAsync(RoadHost.Admin, "storm", None);

        (await shortening.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(new ShortenOutcome.Refused("Everything is stopped: the model isn't asked."));
        (await SuggestionAsync())!.Text.ShouldBe(Long);
    }

    [Fact]
    public async Task Whoever_changes_her_mind_ends_the_call()
    {
        var asked = _model.Asked.Count;
        _model.Latency = TimeSpan.FromSeconds(60);
        using var mind = new CancellationTokenSource();
        var shortening = _road.Get<Shortener>().ShortenAsync(_conversation, _draft, _mara, mind.Token);
        await Until.TrueAsync(() => _model.Asked.Count > asked);

        await mind.CancelAsync();

        (await shortening.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBe(new ShortenOutcome.Cancelled());
    }

    [Fact]
    public async Task Only_whoever_has_the_conversation_asks()
    {
        var asked = _model.Asked.Count;
        var jonas = _mara with { Name = "Jonas", Id = 424242 };

        (await _road.Get<Shortener>().ShortenAsync(_conversation, _draft, jonas, None)).ShouldBe(new ShortenOutcome.Refused("Mara has this conversation now."));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _road.Get<Shortener>().ShortenAsync(_conversation, _draft, _mara with { Role = OperatorRoles.Viewer }, None));
        await _road.Get<TakeOvers>().DismissAsync(_conversation, _draft, _mara, None);
        (await ShortenAsync()).ShouldBe(new ShortenOutcome.Refused("This draft is gone."));

        _model.Asked.Count.ShouldBe(asked);
    }

    private static ModelResult.Answer Answer(string text) => new(text, "gpt-4o-mini-2024-07-18", new ModelUsage(1000, 200, 100, 0), "stop");

    private Task<ShortenOutcome> ShortenAsync() => _road.Get<Shortener>().ShortenAsync(_conversation, _draft, _mara, None);

    private Task<Suggestion?> SuggestionAsync() => _road.Get<ConversationReader>().SuggestionAsync(_conversation, withText: true, None);
}
