using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>When a failed try is followed by another: three in all, doubling waits with jitter.</summary>
public sealed class Retries(IOptions<QueueOptions> options)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public bool IsLast(Turn turn) => turn.Tries + 1 >= options.Value.Tries;

    /// <summary>The next try of this turn; what was prepared stays.</summary>
    public Settlement Again(Turn turn, string why, TimeSpan? asked = null, bool countsAsTry = true)
    {
        var delay = asked ?? Delay(turn.Tries);
        return new Settlement(turn, QueueAct.Again)
        {
            Delay = delay,
            CountsAsTry = countsAsTry,
            Fault = why,
            OutboundState = turn.Outbound is { State: "sending" } ? "pending" : null,
            EventType = EventTypes.Retry,
            EventData = $$"""{"m":{{turn.Outbound?.Id ?? turn.ItemId}},"why":"{{why}}","a":{{turn.Tries + 1}},"seconds":{{(long)Math.Ceiling(delay.TotalSeconds)}}}""",
        };
    }

    private TimeSpan Delay(int tries)
    {
        var seconds = options.Value.RetryDelay.TotalSeconds * Math.Pow(2, Math.Min(tries, 16));
        var jitter = 0.8 + Random.Shared.NextDouble() * 0.4;
        return TimeSpan.FromSeconds(Math.Min(seconds * jitter, Longest.TotalSeconds));
    }
}
