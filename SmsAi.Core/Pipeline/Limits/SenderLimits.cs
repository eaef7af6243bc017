using System.Globalization;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Redis;
using StackExchange.Redis;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>
/// Counts each text about to be answered against its person's tier and against the loop guard, both in one round trip to Redis; while Redis
/// is away, in memory with this replica's share of the limits. What a tier allows in a month is asked before: <see cref="MonthBudget"/>.
/// </summary>
public sealed class SenderLimits
{
    private readonly TierLimits _tiers;
    private readonly MonthBudget _months;
    private readonly LoopGuard _loops;
    private readonly RedisConnection _redis;
    private readonly LiveReplicas _replicas;
    private readonly TimeProvider _clock;
    private readonly LocalLimits _local = new();

    internal SenderLimits(TierLimits tiers, MonthBudget months, LoopGuard loops, RedisConnection redis, LiveReplicas replicas, TimeProvider clock) =>
        (_tiers, _months, _loops, _redis, _replicas, _clock) = (tiers, months, loops, redis, replicas, clock);

    /// <summary>Why this text gets no answer now, or null. A text asked about again is not counted again.</summary>
    public async ValueTask<Refusal?> CheckAsync(Turn turn, CancellationToken cancel)
    {
        var tier = await _tiers.OfAsync(turn.Person.TierId, cancel);
        if (await _months.CheckAsync(turn, tier, cancel) is { } spent)
            return spent;
        var rules = RulesOf(tier);
        if (rules.AreOff)
            return null;
        var now = _clock.GetUtcNow();
        var question = new LimitQuestion(
            turn.Person.PhoneHash, turn.InboundId ?? turn.ItemId, rules.LooksForLoops ? _loops.HashOf(turn.Text) : "", now - turn.Age, now);
        var answer = await AskRedisAsync(question, rules, cancel) ?? _local.Ask(question, rules.Share(await _replicas.CountAsync(cancel)));
        if (answer.IsLoop)
            await _loops.MuteAsync(turn, answer.Verdict, cancel);
        return RefusalOf(answer, rules);
    }

    /// <summary>Tells what was answered, for recognising it when it comes back. Nobody waits for it.</summary>
    public void Answered(Turn turn, string answer)
    {
        if (_loops.IsOn)
            _ = RememberAsync(turn.Person.PhoneHash, _clock.GetUtcNow().ToUnixTimeMilliseconds(), _loops.HashOf(answer));
    }

    private async Task RememberAsync(byte[] person, long nowMs, string answerHash)
    {
        var state = RedisKeys.RateLimitState(person);
        if (await _redis.TryAsync(database => LimitScript.RememberAsync(database, state, nowMs, answerHash), CancellationToken.None) == 0)
            _local.Remember(person, nowMs, answerHash);
    }

    private async ValueTask<LimitAnswer?> AskRedisAsync(LimitQuestion question, LimitRules rules, CancellationToken cancel)
    {
        if (!_redis.IsUp)
            return null;
        RedisKey[] keys =
            [RedisKeys.RateLimit(question.Person), RedisKeys.RateLimitState(question.Person), RedisKeys.RateLimitTexts(question.Person)];
        return await _redis.TryAsync(database => LimitScript.AskAsync(database, keys, question, rules), cancel) is [var verdict, var wait, var tell]
            ? new LimitAnswer((LimitVerdict)verdict, TimeSpan.FromMilliseconds(wait), tell == 1)
            : null;
    }

    private LimitRules RulesOf(TierLimit tier) => _loops.IsOn
        ? new LimitRules(
            LimitRules.Least(tier.PerMinute, _loops.Options.RepliesPerMinute), _loops.Options.PerHour,
            LimitRules.Least(tier.PerDay, _loops.Options.PerDay), LooksForLoops: true, _loops.Options.SameText)
        : new LimitRules(tier.PerMinute, Hour: 0, tier.PerDay, LooksForLoops: false, SameText: 0);

    private static Refusal? RefusalOf(LimitAnswer answer, LimitRules rules) => answer.Verdict switch
    {
        LimitVerdict.Pass => null,
        LimitVerdict.Minute => Limited("limit_minute", answer, $"{Texts(rules.Minute)} a minute"),
        LimitVerdict.Hour => Limited("limit_hour", answer, $"{Texts(rules.Hour)} an hour"),
        LimitVerdict.Day => Limited("limit_day", answer, $"{Texts(rules.Day)} a day"),
        var loop => new Refusal("ignored", "loop_" + LoopGuard.WordOf(loop)),
    };

    private static Refusal Limited(string why, LimitAnswer answer, string limit) =>
        new("ignored", why, answer.Tell ? $"You have reached {limit}. Try again in {Words(answer.Wait)}." : null);

    private static string Texts(int limit) => limit == 1 ? "one text" : string.Create(CultureInfo.InvariantCulture, $"{limit} texts");

    /// <summary>Rounded up, so that trying again then succeeds.</summary>
    private static string Words(TimeSpan wait) => wait switch
    {
        { TotalSeconds: <= 90 } => Rounded(wait.TotalSeconds, "s"),
        { TotalMinutes: <= 90 } => Rounded(wait.TotalMinutes, "min"),
        _ => Rounded(wait.TotalHours, "h"),
    };

    private static string Rounded(double amount, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Ceiling(amount)):0} {unit}");
}
