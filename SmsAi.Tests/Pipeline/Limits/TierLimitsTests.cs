using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Pipeline.Limits;

/// <summary>Answers per minute and day, the same in Redis and in memory.</summary>
public sealed class TierLimitsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Free_person_gets_ten_answers_a_minute_and_is_told_once(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis);
        (await bench.AnsweredOfAsync(10)).ShouldBe(10);
        bench.Clock.Pass(TimeSpan.FromSeconds(20));
        (await bench.TextAsync()).ShouldBe(new Refusal("ignored", "limit_minute", "You have reached 10 texts a minute. Try again in 40 s."));
        (await bench.TextAsync()).ShouldBe(new Refusal("ignored", "limit_minute"), "she was told a moment ago");

        bench.Clock.Pass(TimeSpan.FromSeconds(40));
        (await bench.AnsweredOfAsync(11)).ShouldBe(10);
        bench.Clock.Pass(TimeSpan.FromMinutes(60));
        (await bench.AnsweredOfAsync(10)).ShouldBe(10);
        (await bench.TextAsync())!.Notice.ShouldNotBeNull("an hour later she is told again");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Minute_slides(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, tiers: [("free", 3, 0)]);
        (await bench.TextAsync()).ShouldBeNull();
        bench.Clock.Pass(TimeSpan.FromSeconds(30));
        (await bench.AnsweredOfAsync(2)).ShouldBe(2);
        bench.Clock.Pass(TimeSpan.FromSeconds(29));
        (await bench.TextAsync())!.Notice.ShouldBe("You have reached 3 texts a minute. Try again in 1 s.");
        bench.Clock.Pass(TimeSpan.FromSeconds(1));
        (await bench.AnsweredOfAsync(2)).ShouldBe(1, "only the first has left the minute");
    }

    [Theory]
    [InlineData("per_month = 30", "answers_month = 29", "answers_month = 30")]
    [InlineData("tokens_month = 5000", "tokens_month = 4999", "tokens_month = 5200")]
    [InlineData("micros_month = 2000000", "spend_micros = 1999999", "spend_micros = 2000000")]
    [InlineData("segments_month = 40", "segments_month = 39", "segments_month = 41")]
    public async Task Month_that_is_used_up_is_told_once_and_begins_anew(string limit, string below, string reached)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: false, tiers: [("free", 0, 0)]);
        await bench.Database.ExecuteAsync($"update tiers set {limit} where name = 'free'");
        await bench.Database.ExecuteAsync($"update user_activity set spend_month = '2026-03-01', {below}");
        (await bench.TextAsync()).ShouldBeNull();

        await bench.Database.ExecuteAsync($"update user_activity set {reached}");
        var told = new Refusal("ignored", "limit_month", "You have used up this month's answers. They begin anew on 1 April (UTC).");
        (await bench.TextAsync()).ShouldBe(told);
        (await bench.AgainAsync()).ShouldBe(told, "the notice may not have been stored before the crash");
        (await bench.TextAsync()).ShouldBe(new Refusal("ignored", "limit_month"));
        (await bench.TextAsync(tierId: 2)).ShouldBeNull("another tier has no such limit");

        bench.Clock.Pass(TimeSpan.FromDays(31));
        (await bench.TextAsync()).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Day_ends_at_midnight_utc(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, tiers: [("free", 0, 4)]);
        (await bench.AnsweredOfAsync(4)).ShouldBe(4);
        bench.Clock.Pass(TimeSpan.FromHours(2));
        (await bench.TextAsync()).ShouldBe(new Refusal("ignored", "limit_day", "You have reached 4 texts a day. Try again in 10 h."));
        bench.Clock.Pass(TimeSpan.FromHours(9));
        (await bench.TextAsync()).ShouldBe(new Refusal("ignored", "limit_day"));
        bench.Clock.Pass(TimeSpan.FromHours(1));
        (await bench.AnsweredOfAsync(5)).ShouldBe(4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Text_that_is_tried_again_counts_once(bool withRedis)
    {
        await using var bench = await LimitsBench.StartAsync(withRedis, tiers: [("free", 2, 2)]);
        (await bench.TextAsync()).ShouldBeNull();
        for (var retry = 0; retry < 5; retry++)
            (await bench.AgainAsync()).ShouldBeNull();
        (await bench.TextAsync()).ShouldBeNull();
        (await bench.TextAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Limits_come_from_the_table_and_keys_win()
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: true, tiers: [("Enterprise", 2, null)]);
        await bench.Database.ExecuteAsync("update tiers set per_minute = 4 where name = 'premium'");
        (await bench.AnsweredOfAsync(6, tierId: 2)).ShouldBe(4, "the table says so");
        bench.Clock.Pass(TimeSpan.FromMinutes(1));
        (await bench.AnsweredOfAsync(6, tierId: 3)).ShouldBe(2, "the key wins over the table's 120");
        bench.Clock.Pass(TimeSpan.FromMinutes(1));
        (await bench.AnsweredOfAsync(20, tierId: 77)).ShouldBe(10, "an unknown tier counts as free");
    }

    [Fact]
    public async Task Changed_table_is_in_force_within_seconds()
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: false);
        (await bench.TextAsync()).ShouldBeNull();
        await bench.Database.ExecuteAsync("update tiers set per_minute = 1 where name = 'free'");
        bench.Clock.Pass(TimeSpan.FromSeconds(11));
        await Until.TrueAsync(async () => await bench.TextAsync() is not null, "the new limit holds");
    }

    [Fact]
    public async Task Switched_off_limits_ask_nobody()
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: true, tiers: [("free", 0, 0)]);
        (await bench.AnsweredOfAsync(300)).ShouldBe(300);
        (await RedisContents.KeysAsync(bench.Store!)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_replicas_count_together()
    {
        var store = await TestRedis.CreateAsync();
        await using var one = await LimitsBench.StartAsync(withRedis: true, store: store);
        await using var other = await LimitsBench.StartAsync(withRedis: true, store: store);
        await Task.WhenAll(one.AnsweredOfAsync(6), other.TextAsync("a", tierId: 1));
        // Both number their texts from 1, so only ids the other hasn't used are new.
        var all = await Task.WhenAll(Enumerable.Range(100, 40).Select(async id =>
            await (id % 2 == 0 ? one : other).Limits.CheckAsync(SampleTurns.Of(inboundId: id, at: LimitsBench.Noon), CancellationToken.None) is null));
        all.Count(answered => answered).ShouldBe(4, "six of ten were used before");
    }

    [Fact]
    public async Task Redis_that_stops_leaves_each_replica_its_share()
    {
        await using var server = await TestRedisServer.StartNewAsync();
        await using var bench = await LimitsBench.StartAsync(withRedis: true, redisAddress: server.Address);
        (await bench.AnsweredOfAsync(10)).ShouldBe(10);
        // The two living ones stay so however long the test takes.
        await bench.Database.ExecuteAsync("insert into replicas (name, seen_at) values ('a', now() + interval '1 hour'), ('b', now() + interval '1 hour')");
        await bench.Database.ExecuteAsync("insert into replicas (name, stopped_at) values ('gone', now())");
        await bench.Database.ExecuteAsync("insert into replicas (name, seen_at) values ('lost', now() - interval '1 minute')");

        await server.StopAsync();
        await Until.TrueAsync(() => !bench.Redis.IsUp, "Redis is given up", seconds: 60);
        (await bench.AnsweredOfAsync(20)).ShouldBe(5, "from the first text on");
        bench.Clock.Pass(TimeSpan.FromMinutes(2));
        (await bench.AnsweredOfAsync(20)).ShouldBe(5, "half of ten");

        await server.StartAsync();
        await Until.TrueAsync(() => bench.Redis.IsUp, "Redis is back", seconds: 60);
        bench.Clock.Pass(TimeSpan.FromMinutes(2));
        (await bench.AnsweredOfAsync(20)).ShouldBe(10);
    }

    [Fact]
    public async Task Replica_that_joins_while_redis_is_away_takes_its_share_within_seconds()
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: false, tiers: [("free", 10, 0)]);
        (await bench.AnsweredOfAsync(20)).ShouldBe(10, "alone it has all of it");
        await bench.Database.ExecuteAsync("insert into replicas (name, seen_at) values ('a', now() + interval '1 hour'), ('b', now() + interval '1 hour')");
        await Until.TrueAsync(async () =>
        {
            bench.Clock.Pass(TimeSpan.FromMinutes(1));
            return await bench.AnsweredOfAsync(20) == 5;
        }, "half of ten");
    }

    [Fact]
    public async Task Keys_hold_no_number_and_expire()
    {
        await using var bench = await LimitsBench.StartAsync(withRedis: true, loops: new LoopGuardOptions());
        (await bench.TextAsync()).ShouldBeNull();
        bench.Answer("It is a tide with the least range.");
        await Until.TrueAsync(async () => (await RedisContents.KeysAsync(bench.Store!)).Count == 3, "three keys");
        (await RedisKeyScan.StrangersAsync(bench.Store!)).ShouldBeEmpty();
        (await RedisContents.DumpAsync(bench.Store!)).ShouldNotContain("4155550123");
    }
}
