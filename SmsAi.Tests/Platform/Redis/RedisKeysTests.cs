using SmsAi.Core.Platform.Redis;
using StackExchange.Redis;

namespace SmsAi.Tests.Platform.Redis;

/// <summary>The keys are those of the list, in code, on the page and in Redis.</summary>
public sealed class RedisKeysTests
{
    static readonly DateTimeOffset At = new(2026, 3, 9, 23, 30, 0, TimeSpan.FromHours(2));
    static readonly byte[] Hash = Enumerable.Range(0, 32).Select(number => (byte)number).ToArray();

    [Fact]
    public void Keys_are_dated_in_utc()
    {
        const string hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        ((string)RedisKeys.RateLimit(Hash)!).ShouldBe("rate_limit:" + hex);
        ((string)RedisKeys.RateLimitState(Hash)!).ShouldBe("rate_limit:" + hex + ":state");
        ((string)RedisKeys.MetricsOfDay(At)!).ShouldBe("metrics:20260309");
        ((string)RedisKeys.MetricsOfHour(At)!).ShouldBe("metrics:hour:2026030921");
        ((string)RedisKeys.CostsOfDay(At)!).ShouldBe("costs:20260309");
        ((string)RedisKeys.Session(42)!).ShouldBe("session:42");
    }

    [Fact]
    public void Each_key_matches_exactly_one_kind()
    {
        RedisKey[] keys =
        [
            RedisKeys.RateLimit(Hash), RedisKeys.RateLimitState(Hash), RedisKeys.RateLimitTexts(Hash), RedisKeys.MetricsOfDay(At),
            RedisKeys.MetricsOfHour(At), RedisKeys.CostsOfDay(At), RedisKeys.Session(42),
            RedisKeys.ApiRate(7), RedisKeys.KillSwitch, RedisKeys.PausedUntil,
        ];
        keys.Select(key => RedisKeys.All.Single(kind => kind.Matches(key!)).Pattern).ShouldBe(RedisKeys.All.Select(kind => kind.Pattern));
    }

    [Fact]
    public void Page_says_what_the_code_says()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "redis-keys.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        rows.ShouldBe(RedisKeys.All.Select(kind =>
            $"| `{kind.Pattern}` | {kind.Type} | {kind.TimeToLive.TotalSeconds} s | {kind.Writer} | {kind.Reader} | {kind.Meaning} |"));
    }

    [Fact]
    public async Task Scan_finds_strangers_and_keys_that_never_expire()
    {
        var redis = await TestRedis.CreateAsync();
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = connection.GetDatabase();
        await database.HashIncrementAsync("metrics:20260309", "errors");
        await database.KeyExpireAsync("metrics:20260309", TimeSpan.FromHours(1));
        (await RedisKeyScan.StrangersAsync(redis)).ShouldBeEmpty();

        await database.StringSetAsync("session:7", "x");
        await database.StringSetAsync("metrics:today", "x", TimeSpan.FromHours(1));
        (await RedisKeyScan.StrangersAsync(redis)).Order().ShouldBe(["metrics:today is on no list", "session:7 never expires"]);
    }
}
