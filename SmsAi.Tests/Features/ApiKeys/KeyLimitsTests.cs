using Microsoft.Extensions.Options;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>Who counts the requests of a key, with Redis and without.</summary>
public sealed class KeyLimitsTests : IAsyncLifetime
{
    private const long Key = 7;

    private readonly ManualTime _clock = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Two_replicas_count_together()
    {
        var store = await TestRedis.CreateAsync();
        await using var one = await RedisAsync(store);
        await using var other = await RedisAsync(store);
        var (here, there) = (Limits(one, 4), Limits(other, 4));

        long?[] left = [await LeftAsync(here), await LeftAsync(there), await LeftAsync(here), await LeftAsync(there)];

        left.ShouldBe([3, 2, 1, 0]);
        (await there.CountAsync(Key, CancellationToken.None))!.Value.IsOver.ShouldBeTrue();
        (await there.CountAsync(Key + 1, CancellationToken.None))!.Value.IsOver.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_redis_each_replica_takes_its_share_until_the_minute_is_over()
    {
        await _database.ExecuteAsync("insert into replicas (name, seen_at) values ('a', now() + interval '1 hour'), ('b', now() + interval '1 hour')");
        await using var nowhere = new RedisConnection(null);
        var limits = Limits(nowhere, 4);

        (await LeftAsync(limits), await LeftAsync(limits)).ShouldBe((1, 0));
        var over = (await limits.CountAsync(Key, CancellationToken.None))!.Value;
        (over.IsOver, over.Limit, over.Resets).ShouldBe((true, 2, TimeSpan.FromMinutes(1)));
        _clock.Pass(TimeSpan.FromSeconds(59));
        (await limits.CountAsync(Key, CancellationToken.None))!.Value.Resets.ShouldBe(TimeSpan.FromSeconds(1));
        _clock.Pass(TimeSpan.FromSeconds(1));
        (await LeftAsync(limits)).ShouldBe(1);
    }

    [Fact]
    public async Task Nought_is_no_limit()
    {
        await using var nowhere = new RedisConnection(null);
        (await Limits(nowhere, 0).CountAsync(Key, CancellationToken.None)).ShouldBeNull();
    }

    private KeyLimits Limits(RedisConnection redis, int perMinute) =>
        new(Options.Create(new ApiLimitOptions { RequestsPerMinute = perMinute }), redis, new LiveReplicas(_database.Databases, TimeProvider.System), _clock);

    private static async Task<long?> LeftAsync(KeyLimits limits) => (await limits.CountAsync(Key, CancellationToken.None))?.Remaining;

    private static async Task<RedisConnection> RedisAsync(TestRedis store)
    {
        var redis = new RedisConnection(store.ConnectionString, new RedisOptions { TimeoutMilliseconds = 1000 });
        await redis.StartAsync(CancellationToken.None);
        await Until.TrueAsync(() => redis.IsUp, "Redis is up");
        return redis;
    }
}
