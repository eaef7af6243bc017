using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Pipeline.Replying;

/// <summary>What the model is shown of a conversation, from Redis or PostgreSQL, and that nobody else can read it.</summary>
public sealed class RecentTurnsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TestRedis _store = null!;
    private RedisConnection _redis = null!;
    private SampleThread _thread = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _store = await TestRedis.CreateAsync();
        _redis = new RedisConnection(_store.ConnectionString, new RedisOptions { TimeoutMilliseconds = 1000 });
        await _redis.StartAsync(CancellationToken.None);
        await Until.TrueAsync(() => _redis.IsUp, "Redis is up");
        _thread = await SampleThread.CreateAsync(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task First_text_of_a_conversation_asks_nobody()
    {
        await using var nowhere = new RedisConnection(null);
        // A database that can't be reached would throw.
        var recent = Recent(nowhere, new Core.Platform.Database.Databases("Host=127.0.0.1;Port=1;Username=nobody;Database=none"));
        (await recent.LoadAsync(Next(position: 1), null, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Turns_come_from_the_database_in_order_with_each_answer_behind_its_text()
    {
        var burst = await _thread.SaysAsync("one");
        var second = await _thread.SaysAsync("two");
        await _thread.SentAsync("answer to one", replyTo: burst);
        await _thread.SentAsync("answer to two", replyTo: second);
        await _thread.SentAsync("a person wrote this", kind: "manual");
        (await LoadAsync(Next(position: 6))).ShouldBe(
            [User("one"), Us("answer to one"), User("two"), Us("answer to two"), Us("a person wrote this")]);
    }

    [Fact]
    public async Task Text_that_waits_behind_this_one_is_not_shown()
    {
        await _thread.SaysAsync("one");
        var current = await _thread.SaysAsync("two", "received");
        await _thread.SaysAsync("three", "received");
        (await LoadAsync(SampleTurns.Of("two", current, conversationId: _thread.ConversationId, position: 2, key: _thread.Key, at: DateTimeOffset.UtcNow)))
            .ShouldBe([User("one")]);
    }

    [Theory]
    [InlineData("ignored")]
    [InlineData("blocked")]
    [InlineData("opted_out")]
    public async Task Text_nobody_may_answer_is_not_shown(string state)
    {
        await _thread.SaysAsync("STOP", state);
        (await LoadAsync(Next(position: 2))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("failed", "answer")]
    [InlineData("undelivered", "answer")]
    [InlineData("cancelled", "manual")]
    [InlineData("sent", "apology")]
    [InlineData("sent", "notice")]
    public async Task What_never_reached_her_or_was_no_answer_is_not_shown(string state, string kind)
    {
        await _thread.SentAsync("not shown", state, kind: kind);
        (await LoadAsync(Next(position: 2))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_last_ten_of_the_last_day_are_shown()
    {
        await _thread.SaysAsync("yesterday", at: DateTimeOffset.UtcNow - TimeSpan.FromHours(25));
        for (var number = 1; number <= 12; number++)
            await _thread.SaysAsync($"text {number}");
        (await LoadAsync(Next(position: 14))).Select(turn => turn.Text).ShouldBe(Enumerable.Range(3, 10).Select(number => $"text {number}"));
        (await LoadAsync(Next(position: 14), new RecentTurnsOptions { ContextTurns = 0 })).ShouldBeEmpty();
        (await LoadAsync(Next(position: 14), new RecentTurnsOptions { ContextTurns = 50 })).Count.ShouldBe(12);
    }

    [Fact]
    public async Task Turns_under_last_months_key_are_read_until_that_key_is_destroyed()
    {
        var old = PersonKey.Create();
        await _thread.StoreKeyAsync(old, new DateOnly(2026, 2, 1));
        await _thread.SaysAsync("said in February", key: old);
        await _thread.SaysAsync("said in March");
        (await LoadAsync(Next(position: 3))).ShouldBe([User("said in February"), User("said in March")]);

        await _database.ExecuteAsync("delete from user_keys where key_id = $1", old.Id);
        (await LoadAsync(Next(position: 3))).ShouldBe([User("said in March")]);
        await _database.ExecuteAsync("delete from user_keys");
        (await LoadAsync(Next(position: 3))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Damaged_text_does_not_silence_the_conversation()
    {
        var id = await _thread.SaysAsync("damaged");
        await _thread.SaysAsync("whole");
        await _database.ExecuteAsync("update messages set body_cipher = set_byte(body_cipher, 20, get_byte(body_cipher, 20) # 1) where id = $1", id);
        (await LoadAsync(Next(position: 3))).ShouldBe([User("whole")]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Tier_that_shows_less_is_shown_the_newest_from_either_store(int most)
    {
        await _thread.SaysAsync("old");
        await _thread.SaysAsync("new");
        var recent = Recent();
        (await recent.LoadAsync(Next(position: 3), most, CancellationToken.None)).ShouldBe(((ModelTurn[])[User("old"), User("new")])[^most..]);

        var first = Next("What is a neap tide?", position: 1);
        await recent.LoadAsync(first, null, CancellationToken.None);
        recent.Remember(first, "A tide with little range.");
        await CopiedAsync();
        (await recent.LoadAsync(Next(position: 3), most, CancellationToken.None))
            .ShouldBe(((ModelTurn[])[User("What is a neap tide?"), Us("A tide with little range.")])[^most..]);
        (await recent.LoadAsync(Next(position: 3), 0, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Remembered_turns_come_from_redis_without_the_database()
    {
        var recent = Recent();
        var first = Next("What is a neap tide?", position: 1);
        await recent.LoadAsync(first, null, CancellationToken.None);
        recent.Remember(first, "A tide with little range.");
        await CopiedAsync();

        // The database has nothing, so what is shown can only be the copy.
        var second = Next("And a spring tide?", position: 3);
        (await recent.LoadAsync(second, null, CancellationToken.None)).ShouldBe([User("What is a neap tide?"), Us("A tide with little range.")]);
        recent.Remember(second, "The opposite.");
        await Until.TrueAsync(async () => (await recent.LoadAsync(Next(position: 5), null, CancellationToken.None)).Count == 4, "four turns");
    }

    [Fact]
    public async Task Copy_in_redis_is_encrypted_and_expires()
    {
        var recent = Recent();
        var turn = Next("My secret is a blue whale", position: 1);
        await recent.LoadAsync(turn, null, CancellationToken.None);
        recent.Remember(turn, "I will keep it");
        await CopiedAsync();
        var dump = await RedisContents.DumpAsync(_store);
        dump.ShouldContain($"session:{_thread.ConversationId}");
        dump.ShouldNotContain("whale");
        dump.ShouldNotContain("keep it");
        (await RedisKeyScan.StrangersAsync(_store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Copy_under_another_key_is_no_copy()
    {
        var recent = Recent();
        var turn = Next("said under the old key", position: 1);
        await recent.LoadAsync(turn, null, CancellationToken.None);
        recent.Remember(turn, "yes");
        await CopiedAsync();
        var anew = SampleTurns.Of(conversationId: _thread.ConversationId, position: 3, key: PersonKey.Create(), at: DateTimeOffset.UtcNow);
        (await recent.LoadAsync(anew, null, CancellationToken.None)).ShouldBeEmpty("an erased person's copy opens for nobody, and the month's change is a fresh start");
    }

    [Fact]
    public async Task Forgotten_copy_is_read_from_the_database_again()
    {
        var recent = Recent();
        var turn = Next("one", position: 1);
        await recent.LoadAsync(turn, null, CancellationToken.None);
        recent.Remember(turn, "two");
        await CopiedAsync();
        await _thread.SentAsync("a person said so", kind: "manual");
        await recent.ForgetAsync(_thread.ConversationId, CancellationToken.None);
        (await recent.LoadAsync(Next(position: 5), null, CancellationToken.None)).ShouldBe([Us("a person said so")]);
    }

    [Fact]
    public async Task Answer_of_a_turn_that_was_never_shown_anything_drops_the_copy()
    {
        var recent = Recent();
        var turn = Next("one", position: 1);
        await recent.LoadAsync(turn, null, CancellationToken.None);
        recent.Remember(turn, "two");
        await CopiedAsync();
        recent.Remember(Next("three", position: 3), "four");
        await Until.TrueAsync(async () => (await RedisContents.KeysAsync(_store)).Count == 0, "no copy");
    }

    private static ModelTurn User(string text) => new(ModelRole.User, text);

    private static ModelTurn Us(string text) => new(ModelRole.Assistant, text);

    private Turn Next(string text = "next", long position = 2) =>
        SampleTurns.Of(text, inboundId: 9_000_000 + position, conversationId: _thread.ConversationId, position: position, key: _thread.Key, at: DateTimeOffset.UtcNow);

    private RecentTurns Recent(RedisConnection? over = null, Core.Platform.Database.Databases? on = null, RecentTurnsOptions? options = null) => new(
        over ?? _redis, new ThreadReader(on ?? _database.Databases, TestKeys.Masters, NullLogger<ThreadReader>.Instance),
        Options.Create(options ?? new RecentTurnsOptions()), NullLogger<RecentTurns>.Instance);

    private async Task<IReadOnlyList<ModelTurn>> LoadAsync(Turn turn, RecentTurnsOptions? options = null) =>
        await Recent(options: options).LoadAsync(turn, null, CancellationToken.None);

    private async Task CopiedAsync() => await Until.TrueAsync(
        async () => await _redis.TryAsync<bool?>(async store => await store.KeyExistsAsync(RedisKeys.Session(_thread.ConversationId)), CancellationToken.None) == true,
        "the copy is in Redis");
}
