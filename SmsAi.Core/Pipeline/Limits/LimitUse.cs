using System.Globalization;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>Reads how much of her limits somebody has used, from the counters the road itself goes by; asking counts nothing.</summary>
public sealed class LimitUse(TierLimits tiers, MonthBudget months, LoopGuard loops, IOptions<LimitsOptions> options, RedisConnection redis, TimeProvider clock)
{
    private const long Minute = 60_000;
    private const long Hour = 3_600_000;
    private const long Day = 86_400_000;

    /// <summary>The limits that hold for a person, strictest source named; those that are off are left out.</summary>
    public async Task<IReadOnlyList<LimitLine>> OfAsync(long person, byte[] phoneHash, short tierId, CancellationToken cancel)
    {
        var tier = await tiers.OfAsync(tierId, cancel);
        var key = options.Value.Tiers.TryGetValue(tier.Name, out var found) ? found : null;
        var now = clock.GetUtcNow();
        var used = await UsedAsync(phoneHash, now.ToUnixTimeMilliseconds(), cancel);
        LimitLine[] lines =
        [
            Line(LimitSpan.Minute, used?[0], tier.PerMinute, key?.PerMinute is not null, loops.IsOn ? loops.Options.RepliesPerMinute : 0, null),
            Line(LimitSpan.Hour, used?[1], 0, false, loops.IsOn ? loops.Options.PerHour : 0, null),
            Line(LimitSpan.Day, used?[2], tier.PerDay, key?.PerDay is not null, loops.IsOn ? loops.Options.PerDay : 0, new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero)),
        ];
        return [.. lines.Where(line => line.Allowed > 0), .. tier.Month.IsOff ? [] : OfMonth(tier.Month, await months.UsedAsync(person, cancel))];
    }

    private IEnumerable<LimitLine> OfMonth(MonthLimits limits, MonthUse used)
    {
        var anew = new DateTimeOffset(months.Next, TimeOnly.MinValue, TimeSpan.Zero);
        LimitLine[] lines =
        [
            new(LimitSpan.Month, used.Answers, limits.Answers, LimitSource.Tier, anew),
            new(LimitSpan.Month, used.Tokens, limits.Tokens, LimitSource.Tier, anew) { Unit = LimitUnit.Tokens },
            new(LimitSpan.Month, used.Micros, limits.Micros, LimitSource.Tier, anew) { Unit = LimitUnit.Micros },
            new(LimitSpan.Month, used.Segments, limits.Segments, LimitSource.Tier, anew) { Unit = LimitUnit.Segments },
        ];
        return lines.Where(line => line.Allowed > 0);
    }

    private static LimitLine Line(LimitSpan span, int? used, int tier, bool isKey, int guard, DateTimeOffset? resets)
    {
        var allowed = LimitRules.Least(tier, guard);
        return new(span, used, allowed, allowed != tier ? LimitSource.LoopGuard : isKey ? LimitSource.Setting : LimitSource.Tier, resets);
    }

    /// <summary>Null while Redis is away: each replica then counts alone.</summary>
    private async Task<int[]?> UsedAsync(byte[] phoneHash, long nowMs, CancellationToken cancel)
    {
        if (!redis.IsUp)
            return null;
        return await redis.TryAsync(
            async database =>
            {
                var answered = RedisKeys.RateLimit(phoneHash);
                var minute = await database.SortedSetLengthAsync(answered, nowMs - Minute, double.PositiveInfinity, StackExchange.Redis.Exclude.Start);
                var hour = await database.SortedSetLengthAsync(answered, nowMs - Hour, double.PositiveInfinity, StackExchange.Redis.Exclude.Start);
                var day = await database.HashGetAsync(RedisKeys.RateLimitState(phoneHash), ["day", "used"]);
                var isToday = day[0] == (nowMs / Day).ToString(CultureInfo.InvariantCulture);
                return new[] { (int)minute, (int)hour, isToday && day[1].TryParse(out int count) ? count : 0 };
            },
            cancel);
    }
}

/// <summary>The time a limit counts over.</summary>
public enum LimitSpan
{
    Minute,
    Hour,
    Day,
    Month,
}

/// <summary>What a limit counts; money in micro-dollars.</summary>
public enum LimitUnit
{
    Answers,
    Tokens,
    Micros,
    Segments,
}

/// <summary>Where a limit comes from: the person's tier, a configured key that wins over it, or the loop guard where it is stricter.</summary>
public enum LimitSource
{
    Tier,
    Setting,
    LoopGuard,
}

/// <summary>One limit of a person: used (null when nobody can tell), allowed, from where, when it begins anew.</summary>
public sealed record LimitLine(LimitSpan Span, long? Used, long Allowed, LimitSource Source, DateTimeOffset? Resets)
{
    public LimitUnit Unit { get; init; }
}
