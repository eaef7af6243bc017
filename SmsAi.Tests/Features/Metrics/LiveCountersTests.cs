using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Redis;
using StackExchange.Redis;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The counters in Redis: equal to PostgreSQL, dated in UTC, back by themselves after a loss.</summary>
public sealed class LiveCountersTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 14, 31, 57, TimeSpan.Zero);

    private static async Task<string> HashAsync(IDatabase redis, string key)
    {
        try
        {
            var fields = await redis.HashGetAllAsync(key);
            return string.Join(' ', fields.OrderBy(field => (string)field.Name!, StringComparer.Ordinal).Select(field => $"{field.Name}={field.Value}"));
        }
        catch (RedisException)
        {
            return "";
        }
    }

    [Fact]
    public async Task Counters_of_the_day_and_hour_are_those_of_the_ledger_and_come_back_after_a_flush()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await TestRedisServer.StartNewAsync();
        var address = await TestRedis.CreateAsync(server);
        await using var redis = new RedisConnection(address.ConnectionString, new RedisOptions { TimeoutMilliseconds = 1000 });
        await redis.StartAsync(CancellationToken.None);
        await Until.TrueAsync(() => redis.IsUp, "Redis is up");
        using var connection = await ConnectionMultiplexer.ConnectAsync(address.ConnectionString + ",allowAdmin=true,abortConnect=false");
        var look = connection.GetDatabase();
        using var counters = HandMetrics.Counters(database, redis, new StandingClock(Now));
        await database.AppendAsync(1, "received", "{}", null, Now.AddHours(-3));
        await database.AppendAsync(1, "received", "{}", null, Now);
        await database.AppendAsync(1, "received", "{}", null, Now.AddDays(-1));
        await database.AppendAsync(1, "sent", """{"m":7,"micros":15800}""", 6, Now);
        await database.AppendAsync(1, "answered", """{"m":7,"r":6,"micros":42}""", 6, Now);
        await database.AppendAsync(1, "failed", """{"m":8}""", 8, Now.AddHours(-2));
        await database.ExecuteAsync("insert into metrics_hourly (hour_bucket, metric_name, value) values ('2026-03-10', 'active_users', 2)");
        await database.ReadAllAsync(HandMetrics.Reader(database, counters: counters));

        await counters.StartAsync(CancellationToken.None);
        await ShowsAsync();
        (await RedisKeyScan.StrangersAsync(address)).ShouldBeEmpty();
        await connection.GetServer(server.Address).FlushAllDatabasesAsync();
        await ShowsAsync();

        await server.StopAsync();
        await server.StartAsync();
        await ShowsAsync();
        await counters.StopAsync(CancellationToken.None);

        async Task ShowsAsync()
        {
            await Until.TrueAsync(async () => await HashAsync(look, "metrics:20260310") != "", "the counters are there");
            (await HashAsync(look, "metrics:20260310")).ShouldBe("active_users=2 answers=1 delivered=0 errors=1 messages=2");
            (await HashAsync(look, "metrics:hour:2026031014")).ShouldBe("answers=1 delivered=0 errors=0 messages=1");
            (await HashAsync(look, "costs:20260310")).ShouldBe("carrier_micros=15800 model_micros=42");
        }
    }

    [Fact]
    public async Task Without_redis_nothing_is_asked_and_nothing_fails()
    {
        await using var database = await TestDatabase.CreateAsync();
        using var counters = HandMetrics.Counters(database, new RedisConnection(null));
        (await counters.WriteAsync(CancellationToken.None)).ShouldBeFalse();
    }
}
