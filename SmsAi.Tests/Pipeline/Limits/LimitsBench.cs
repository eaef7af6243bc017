using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Pipeline.Limits;

/// <summary>One person texting, with the limits counted in Redis or in memory, on a clock that a test moves.</summary>
public sealed class LimitsBench : IAsyncDisposable
{
    private long _nextId;

    private LimitsBench(TestDatabase database, RedisConnection redis, SenderLimits limits, long userId) =>
        (Database, Redis, Limits, UserId) = (database, redis, limits, userId);

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public TestDatabase Database { get; }

    public RedisConnection Redis { get; }

    public SenderLimits Limits { get; }

    public long UserId { get; }

    public ManualTime Clock { get; private init; } = new();

    public TestRedis? Store { get; private init; }

    public static async Task<LimitsBench> StartAsync(
        bool withRedis, LoopGuardOptions? loops = null, (string Tier, int? PerMinute, int? PerDay)[]? tiers = null, TestRedis? store = null,
        TestDatabase? database = null, string? redisAddress = null)
    {
        database ??= await TestDatabase.CreateAsync();
        store ??= withRedis && redisAddress is null ? await TestRedis.CreateAsync() : null;
        var redis = new RedisConnection(redisAddress ?? store?.ConnectionString, new RedisOptions { TimeoutMilliseconds = 1000 });
        await redis.StartAsync(CancellationToken.None);
        if (withRedis)
            await Until.TrueAsync(() => redis.IsUp, "Redis is up");

        var clock = new ManualTime();
        var keys = new LimitsOptions();
        foreach (var (tier, perMinute, perDay) in tiers ?? [])
            keys.Tiers[tier] = new TierLimitOptions { PerMinute = perMinute, PerDay = perDay };
        var tierLimits = new TierLimits(database.Databases, Options.Create(keys), clock, NullLogger<TierLimits>.Instance);
        var guard = new LoopGuard(
            database.Databases, TestKeys.Hasher, Options.Create(loops ?? new LoopGuardOptions { Enabled = false }), NullLogger<LoopGuard>.Instance);
        var limits = new SenderLimits(tierLimits, new MonthBudget(database.Databases, clock), guard, redis, new LiveReplicas(database.Databases, clock), clock);
        return new LimitsBench(database, redis, limits, await PersonAsync(database)) { Clock = clock, Store = store };
    }

    /// <summary>A person as the database knows her.</summary>
    public static async Task<long> PersonAsync(TestDatabase database) => await database.ScalarAsync<long>(
        "insert into users (phone_hash, alias) values ($1, $2) on conflict (phone_hash) do update set alias = excluded.alias returning id",
        TestKeys.Hasher.Hash(SampleTurns.Someone), "calm otter 11");

    /// <summary>She texts now; null when she is answered.</summary>
    public async Task<Refusal?> TextAsync(string? text = null, string from = SampleTurns.Someone, short tierId = 1)
    {
        _nextId++;
        var words = text ?? string.Create(CultureInfo.InvariantCulture, $"question number {_nextId}");
        return await Limits.CheckAsync(Turn(words, _nextId, from, tierId), CancellationToken.None);
    }

    /// <summary>The same text is asked about again, as after a retry.</summary>
    public async Task<Refusal?> AgainAsync() => await Limits.CheckAsync(Turn("again", _nextId, SampleTurns.Someone, 1), CancellationToken.None);

    /// <summary>She texts so often at once; how many are answered.</summary>
    public async Task<int> AnsweredOfAsync(int texts, short tierId = 1)
    {
        var answered = 0;
        for (var count = 0; count < texts; count++)
        {
            if (await TextAsync(tierId: tierId) is null)
                answered++;
        }

        return answered;
    }

    public void Answer(string answer) => Limits.Answered(Turn("", _nextId, SampleTurns.Someone, 1), answer);

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Database.DisposeAsync();
    }

    private Turn Turn(string text, long id, string from, short tierId) =>
        SampleTurns.Of(text, id, Clock.GetUtcNow(), from, userId: UserId, conversationId: 7, tierId: tierId);
}
