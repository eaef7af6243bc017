using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>
/// The last turns of a conversation, which the model is shown: from Redis, encrypted under the person's key, else from PostgreSQL.
/// A conversation's first text costs no question at all.
/// </summary>
public sealed partial class RecentTurns(
    RedisConnection redis, ThreadReader thread, IOptions<RecentTurnsOptions> options, ILogger<RecentTurns> logger)
{
    private const int CopiesAtOnce = 256;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1800);

    // What a turn was shown lives exactly as long as the turn, so that remembering it asks nobody again.
    private readonly ConditionalWeakTable<Turn, Shown> _shown = [];
    private int _copies;

    /// <summary>What was said before the text to answer, oldest first.</summary>
    /// <param name="most">As many as the person's tier says; null: as set.</param>
    public async ValueTask<IReadOnlyList<ModelTurn>> LoadAsync(Turn turn, int? most, CancellationToken cancel)
    {
        var count = most ?? options.Value.ContextTurns;
        var turns = turn.Position <= 1 || count == 0
            ? []
            : await FromRedisAsync(turn, cancel) ?? await thread.ReadAsync(turn, count, options.Value.ContextWindow, cancel);
        // A copy from before the tier was changed may hold more.
        if (turns.Count > count)
            turns = [.. turns.TakeLast(count)];
        _shown.AddOrUpdate(turn, new(turns, count));
        return turns;
    }

    /// <summary>Keeps a text and its answer for the next one. Nobody waits for it, and it may be lost: PostgreSQL has both.</summary>
    public void Remember(Turn turn, string answer)
    {
        if (MostOf(turn) == 0 || !redis.IsUp)
            return;
        if (Interlocked.Increment(ref _copies) > CopiesAtOnce)
        {
            Interlocked.Decrement(ref _copies);
            LogTooMany(turn.ConversationId);
            return;
        }

        _ = CopyAsync(turn, answer);
    }

    /// <summary>Drops the copy: after an erasure, or when something was said that no turn remembers, such as a person's own reply.</summary>
    public async ValueTask ForgetAsync(long conversationId, CancellationToken cancel) =>
        await redis.TryAsync(database => database.KeyDeleteAsync(RedisKeys.Session(conversationId)), cancel);

    private async Task CopyAsync(Turn turn, string answer)
    {
        try
        {
            var key = RedisKeys.Session(turn.ConversationId);
            // A turn that was never shown anything (its answer was stored before a crash) knows only a part: better no copy.
            if (!_shown.TryGetValue(turn, out var shown) && turn.Position > 1)
            {
                await redis.TryAsync(database => database.KeyDeleteAsync(key), CancellationToken.None);
                return;
            }

            ModelTurn[] all = [.. shown?.Turns ?? [], new(ModelRole.User, turn.Text), new(ModelRole.Assistant, answer)];
            var copy = SessionCopy.Seal(turn.Key, turn.ConversationId, all[Math.Max(0, all.Length - MostOf(turn))..]);
            await redis.TryAsync(database => database.StringSetAsync(key, copy, Lifetime), CancellationToken.None);
        }
        finally
        {
            Interlocked.Decrement(ref _copies);
        }
    }

    private int MostOf(Turn turn) => _shown.TryGetValue(turn, out var shown) ? shown.Most : options.Value.ContextTurns;

    private async ValueTask<IReadOnlyList<ModelTurn>?> FromRedisAsync(Turn turn, CancellationToken cancel)
    {
        if (!redis.IsUp)
            return null;
        var copy = await redis.TryAsync(database => database.StringGetAsync(RedisKeys.Session(turn.ConversationId)), cancel);
        return copy.HasValue ? SessionCopy.Open(turn.Key, turn.ConversationId, (byte[])copy!) : null;
    }

    private sealed record Shown(IReadOnlyList<ModelTurn> Turns, int Most);

    [LoggerMessage(1501, LogLevel.Information, "The turns of conversation {Conversation} were not copied to Redis: too many copies under way")]
    private partial void LogTooMany(long conversation);
}
