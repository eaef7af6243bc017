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
        new("rate_limit:{hash}", "string", TimeSpan.FromSeconds(60), "Limits", "Limits", "answers to one person in the running minute"),
        new("rate_limit:{hash}:{day}", "string", TimeSpan.FromHours(25), "Limits", "Limits", "answers to one person on a UTC day"),
        new("rate_limit:{hash}:notice", "string", TimeSpan.FromHours(25), "Limits", "Limits", "she was told once that a limit is reached"),
        new("metrics:{day}", "hash", TimeSpan.FromHours(48), "Metrics", "Metrics", "counters of a UTC day: messages, answers, delivered, errors, active_users"),
        new("metrics:hour:{hour}", "hash", TimeSpan.FromHours(24), "Metrics", "Metrics", "counters of a UTC hour: messages, answers, delivered, errors"),
        new("costs:{day}", "hash", TimeSpan.FromHours(48), "Metrics", "Metrics", "money of a UTC day: model_micros, carrier_micros"),
        new("session:{id}", "string", TimeSpan.FromSeconds(1800), "Replying", "Replying", "last turns of a conversation, encrypted under her key of the month"),
        new("system:kill_switch", "string", TimeSpan.FromHours(1), "Stopping", "screens of other programs", "hint only; the truth is the row in controls"),
        new("system:paused_until", "string", TimeSpan.FromHours(1), "Stopping", "screens of other programs", "hint only; the truth is the row in controls"),
    ];

    public static RedisKey RateLimitMinute(ReadOnlySpan<byte> phoneHash) => $"rate_limit:{Hex(phoneHash)}";

    public static RedisKey RateLimitDay(ReadOnlySpan<byte> phoneHash, DateTimeOffset at) => $"rate_limit:{Hex(phoneHash)}:{Day(at)}";

    public static RedisKey RateLimitNotice(ReadOnlySpan<byte> phoneHash) => $"rate_limit:{Hex(phoneHash)}:notice";

    public static RedisKey MetricsOfDay(DateTimeOffset at) => $"metrics:{Day(at)}";

    public static RedisKey MetricsOfHour(DateTimeOffset at) => $"metrics:hour:{Hour(at)}";

    public static RedisKey CostsOfDay(DateTimeOffset at) => $"costs:{Day(at)}";

    public static RedisKey Session(long conversationId) => string.Create(CultureInfo.InvariantCulture, $"session:{conversationId}");

    public static RedisKey KillSwitch => "system:kill_switch";

    public static RedisKey PausedUntil => "system:paused_until";

    static string Hex(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    static string Hour(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
}
