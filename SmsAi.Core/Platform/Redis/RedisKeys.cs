using System.Globalization;
using StackExchange.Redis;

namespace SmsAi.Core.Platform.Redis;

/// <summary>Every key and channel the product uses in Redis; there are no others, which a test holds. The table for people is docs/redis-keys.md.</summary>
public static class RedisKeys
{
    /// <summary>Live news between replicas: <c>{replica}|{topic} {topic} …</c>.</summary>
    public const string NewsChannel = "news";

    public static IReadOnlyList<RedisKeyKind> All { get; } =
    [
        new("rate_limit:{hash}", "zset", TimeSpan.FromHours(1), "Limits", "Limits", "texts of one person answered in the last hour, by time"),
        new("rate_limit:{hash}:state", "hash", TimeSpan.FromHours(25), "Limits", "Limits", "her answers of the UTC day, when she was told of a limit, and what looks for loops"),
        new("rate_limit:{hash}:texts", "zset", TimeSpan.FromMinutes(10), "Limits", "Limits", "keyed hashes of her texts of the last ten minutes, by time"),
        new("metrics:{day}", "hash", TimeSpan.FromHours(48), "Metrics", "Metrics", "counters of a UTC day: messages, answers, delivered, errors, active_users"),
        new("metrics:hour:{hour}", "hash", TimeSpan.FromHours(24), "Metrics", "Metrics", "counters of a UTC hour: messages, answers, delivered, errors"),
        new("costs:{day}", "hash", TimeSpan.FromHours(48), "Metrics", "Metrics", "money of a UTC day: model_micros, carrier_micros"),
        new("session:{id}", "string", TimeSpan.FromSeconds(1800), "Replying", "Replying", "last turns of a conversation, encrypted under her key of the month"),
        new("api_rate:{id}", "string", TimeSpan.FromMinutes(1), "ApiKeys", "ApiKeys", "requests an API key made in its running minute"),
        new("system:kill_switch", "string", TimeSpan.FromHours(1), "Stopping", "screens of other programs", "hint only; the truth is the row in controls"),
        new("system:paused_until", "string", TimeSpan.FromHours(1), "Stopping", "screens of other programs", "hint only; the truth is the row in controls"),
    ];

    public static RedisKey RateLimit(ReadOnlySpan<byte> phoneHash) => $"rate_limit:{Hex(phoneHash)}";

    public static RedisKey RateLimitState(ReadOnlySpan<byte> phoneHash) => $"rate_limit:{Hex(phoneHash)}:state";

    public static RedisKey RateLimitTexts(ReadOnlySpan<byte> phoneHash) => $"rate_limit:{Hex(phoneHash)}:texts";

    public static RedisKey MetricsOfDay(DateTimeOffset at) => $"metrics:{Day(at)}";

    public static RedisKey MetricsOfHour(DateTimeOffset at) => $"metrics:hour:{Hour(at)}";

    public static RedisKey CostsOfDay(DateTimeOffset at) => $"costs:{Day(at)}";

    public static RedisKey Session(long conversationId) => string.Create(CultureInfo.InvariantCulture, $"session:{conversationId}");

    public static RedisKey ApiRate(long keyId) => string.Create(CultureInfo.InvariantCulture, $"api_rate:{keyId}");

    public static RedisKey KillSwitch => "system:kill_switch";

    public static RedisKey PausedUntil => "system:paused_until";

    static string Hex(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    static string Hour(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
}
