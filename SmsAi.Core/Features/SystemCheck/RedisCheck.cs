using System.Globalization;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Tests Redis, which the service can do without.</summary>
public sealed class RedisCheck(RedisConnection redis)
{
    private const string Name = "Redis";

    internal async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        if (!redis.IsConfigured)
            return CheckResult.Warn(Name, "ConnectionStrings:Redis", "not set", "One replica does without it; several share limits and live news through it.");
        if (await redis.PingAsync(cancel) is not { } took)
            return CheckResult.Fail(Name, "PING", "no answer", "Check that Redis runs and that ConnectionStrings:Redis names it. Until then each replica counts for itself.");
        var answer = string.Create(CultureInfo.InvariantCulture, $"PONG in {took.TotalMilliseconds:0.0} ms");
        var policy = await redis.TryAsync(async database => (string?)((StackExchange.Redis.RedisResult[]?)await database.ExecuteAsync("CONFIG", "GET", "maxmemory-policy"))?.ElementAtOrDefault(1), cancel);
        return policy is null or "noeviction"
            ? CheckResult.Ok(Name, "PING", policy is null ? answer : $"{answer}, maxmemory-policy {policy}")
            : CheckResult.Warn(Name, "CONFIG GET maxmemory-policy", policy, "Set maxmemory-policy to noeviction: an evicted counter forgets that a limit was reached.");
    }
}
