using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Redis;
using StackExchange.Redis;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>What a key has used of its running minute.</summary>
/// <param name="Resets">How long until the next minute begins.</param>
public readonly record struct KeyUse(int Limit, long Used, TimeSpan Resets)
{
    public bool IsOver => Used > Limit;

    public long Remaining => Math.Max(0, Limit - Used);
}

/// <summary>
/// Counts the requests of each key by the minute that its first one began: in Redis for all replicas together; while Redis is away in memory,
/// against this replica's share.
/// </summary>
public sealed class KeyLimits
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int KeysKnown = 1_000;

    /// <summary>KEYS: 1 the key's count. ARGV: 1 the window in ms. Returns the count and how long it lives on.</summary>
    private const string Count = """
        local used = redis.call('incr', KEYS[1])
        local left = redis.call('pttl', KEYS[1])
        if left < 0 then
          redis.call('pexpire', KEYS[1], ARGV[1])
          left = tonumber(ARGV[1])
        end
        return {used, left}
        """;

    private readonly IOptions<ApiLimitOptions> _options;
    private readonly RedisConnection _redis;
    private readonly LiveReplicas _replicas;
    private readonly TimeProvider _clock;
    private readonly TwoGenerationCache<long, LocalMinute> _local = new(KeysKnown);
    private readonly Lock _gate = new();

    internal KeyLimits(IOptions<ApiLimitOptions> options, RedisConnection redis, LiveReplicas replicas, TimeProvider clock) =>
        (_options, _redis, _replicas, _clock) = (options, redis, replicas, clock);

    /// <summary>Counts one more request; null when there is no limit.</summary>
    public async ValueTask<KeyUse?> CountAsync(long keyId, CancellationToken cancel)
    {
        var limit = _options.Value.RequestsPerMinute;
        if (limit == 0)
            return null;
        return await CountInRedisAsync(keyId, cancel) is [var used, var left]
            ? new KeyUse(limit, used, TimeSpan.FromMilliseconds(left))
            : CountHere(keyId, Math.Max(1, limit / await _replicas.CountAsync(cancel)));
    }

    private async ValueTask<long[]?> CountInRedisAsync(long keyId, CancellationToken cancel)
    {
        RedisKey[] keys = [RedisKeys.ApiRate(keyId)];
        return await _redis.TryAsync(async database => (long[]?)await database.ScriptEvaluateAsync(Count, keys, [(long)Window.TotalMilliseconds]), cancel);
    }

    private KeyUse CountHere(long keyId, int share)
    {
        lock (_gate)
        {
            if (!_local.TryGet(keyId, out var minute) || _clock.GetElapsedTime(minute.Began) >= Window)
                _local.Put(keyId, minute = new LocalMinute(_clock.GetTimestamp()));
            return new KeyUse(share, ++minute.Used, Window - _clock.GetElapsedTime(minute.Began));
        }
    }

    private sealed class LocalMinute(long began)
    {
        public long Began { get; } = began;

        public long Used { get; set; }
    }
}
