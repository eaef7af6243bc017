using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>Sets a text aside whose handling has brought the process down too often.</summary>
public sealed class PoisonCheck(IOptions<QueueOptions> options)
{
    public Settlement? Check(Turn turn) => turn.Crashes < options.Value.Crashes ? null : new Settlement(turn, QueueAct.Dead)
    {
        Fault = $"{turn.Crashes} crashes",
        InboundState = turn.Outbound is null ? "dead_letter" : null,
        // An uncertain send stays uncertain: whether it left must be decided by a person.
        OutboundState = turn.Outbound is { State: "sending" or "uncertain" } ? "needs_person" : turn.Outbound is null ? null : "dead_letter",
        EventType = EventTypes.DeadLetter,
        EventData = $$"""{"m":{{turn.Outbound?.Id ?? turn.ItemId}},"why":"crashes"}""",
    };
}
