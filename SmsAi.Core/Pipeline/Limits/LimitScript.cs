using System.Globalization;
using StackExchange.Redis;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>The counters in Redis: one script asks and counts at once, so that replicas share every limit exactly.</summary>
internal static class LimitScript
{
    /// <summary>
    /// KEYS: 1 answered texts of the last hour, by time; 2 the person's state; 3 texts of the last ten minutes as hash:id, by time, at most 100.
    /// ARGV: 1 now (ms) 2 inbound id 3 per minute 4 per hour 5 per day 6 looks for loops 7 same text limit 8 text hash 9 arrived (ms) 10 day.
    /// Returns verdict, wait in ms, whether to tell. The same algorithm in memory is <see cref="LocalLimits"/>; one table of tests holds both.
    /// </summary>
    private const string Ask = """
        local now = tonumber(ARGV[1])
        -- A turn that runs again was counted before.
        if redis.call('zscore', KEYS[1], ARGV[2]) then return {0, 0, 0} end
        if ARGV[6] == '1' then
          local state = redis.call('hmget', KEYS[2], 'echo', 'answered', 'streak')
          local streak = tonumber(state[3] or '0')
          local verdict = 0
          if ARGV[8] ~= '' and state[1] == ARGV[8] then verdict = 5 end
          if state[2] then
            local gap = tonumber(ARGV[9]) - tonumber(state[2])
            if gap >= 0 and gap < 2000 then streak = streak + 1 else streak = 0 end
            redis.call('hdel', KEYS[2], 'answered')
            redis.call('hset', KEYS[2], 'streak', streak)
            if streak >= 5 then verdict = 6 end
          end
          if ARGV[8] ~= '' and ARGV[7] ~= '0' then
            redis.call('zadd', KEYS[3], now, ARGV[8] .. ':' .. ARGV[2])
            redis.call('zremrangebyscore', KEYS[3], '-inf', now - 600000)
            redis.call('zremrangebyrank', KEYS[3], 0, -101)
            redis.call('pexpire', KEYS[3], 600000)
            local same = 0
            for _, text in ipairs(redis.call('zrange', KEYS[3], 0, -1)) do
              if string.sub(text, 1, #ARGV[8]) == ARGV[8] then same = same + 1 end
            end
            if same >= tonumber(ARGV[7]) then verdict = 4 end
          end
          if verdict > 0 then
            -- After the mute everything begins anew.
            redis.call('hdel', KEYS[2], 'echo', 'answered', 'streak')
            redis.call('del', KEYS[3])
            return {verdict, 3600000, 0}
          end
        end
        redis.call('zremrangebyscore', KEYS[1], '-inf', now - 3600000)
        local state = redis.call('hmget', KEYS[2], 'day', 'used', 'quiet')
        local used = 0
        if state[1] == ARGV[10] then used = tonumber(state[2] or '0') end
        local verdict, wait = 0, 0
        local limit = tonumber(ARGV[3])
        if limit > 0 then
          local over = redis.call('zcount', KEYS[1], '(' .. (now - 60000), '+inf') - limit
          if over >= 0 then
            local leaves = redis.call('zrangebyscore', KEYS[1], '(' .. (now - 60000), '+inf', 'withscores', 'limit', over, 1)
            verdict, wait = 1, tonumber(leaves[2]) + 60000 - now
          end
        end
        limit = tonumber(ARGV[4])
        if limit > 0 then
          local over = redis.call('zcard', KEYS[1]) - limit
          if over >= 0 then
            local leaves = redis.call('zrange', KEYS[1], over, over, 'withscores')
            verdict, wait = 2, tonumber(leaves[2]) + 3600000 - now
          end
        end
        limit = tonumber(ARGV[5])
        if limit > 0 and used >= limit then
          verdict, wait = 3, (tonumber(ARGV[10]) + 1) * 86400000 - now
        end
        if verdict > 0 then
          local tell = 0
          if now >= tonumber(state[3] or '0') then
            tell = 1
            -- Silent until a day limit ends, and for an hour after the others.
            local quiet = 3600000
            if verdict == 3 then quiet = wait end
            redis.call('hset', KEYS[2], 'quiet', now + quiet)
            redis.call('pexpire', KEYS[2], 90000000)
          end
          return {verdict, wait, tell}
        end
        redis.call('zadd', KEYS[1], now, ARGV[2])
        redis.call('pexpire', KEYS[1], 3600000)
        redis.call('hmset', KEYS[2], 'day', ARGV[10], 'used', used + 1)
        redis.call('pexpire', KEYS[2], 90000000)
        return {0, 0, 0}
        """;

    private const string Remember = """
        redis.call('hmset', KEYS[1], 'echo', ARGV[2], 'answered', ARGV[1])
        redis.call('pexpire', KEYS[1], 90000000)
        return 1
        """;

    public static async Task<long[]?> AskAsync(IDatabase redis, RedisKey[] keys, LimitQuestion question, LimitRules rules) =>
        (long[]?)await redis.ScriptEvaluateAsync(Ask, keys,
        [
            question.NowMs, question.InboundId, rules.Minute, rules.Hour, rules.Day, rules.LooksForLoops ? 1 : 0, rules.SameText,
            question.TextHash, question.ArrivedMs, question.Day.ToString(CultureInfo.InvariantCulture),
        ]);

    public static async Task<long> RememberAsync(IDatabase redis, RedisKey state, long nowMs, string answerHash) =>
        (long)await redis.ScriptEvaluateAsync(Remember, [state], [nowMs, answerHash]);
}
