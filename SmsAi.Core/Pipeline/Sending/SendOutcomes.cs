using System.Globalization;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>The answer table: what each outcome of a send does to its message and its queue item.</summary>
public sealed class SendOutcomes(Retries retries, SmsPrice price)
{
    public const string Unreachable = "carrier_unreachable";
    public const string RefusesAccount = "carrier_refuses_account";

    /// <param name="untilNext">When something may be handed to the carrier again, if it takes nothing now.</param>
    public Settlement Of(Turn turn, SendResult result, TimeSpan took, TimeSpan untilNext) => result switch
    {
        SendResult.Accepted accepted => Sent(turn, accepted.Sid, accepted.CarrierStatus, accepted.Segments, accepted.PriceMicros, null, took),
        SendResult.Throttled throttled => retries.Again(turn, "carrier_throttles", throttled.RetryAfter, countsAsTry: false),
        SendResult.ConfigurationFault fault => Wait(turn, Code(RefusesAccount, fault.Code), untilNext),
        SendResult.NotSent => Wait(turn, Unreachable, untilNext),
        SendResult.TooLate => Wait(turn, "too_late", TimeSpan.Zero),
        SendResult.Refused refused => Failed(turn, CarrierErrors.Find(refused.Code)),
        SendResult.Uncertain uncertain => StillUncertain(turn, "no_clear_answer", TimeSpan.Zero) with { Fault = uncertain.Reason },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The carrier's list has it.</summary>
    public Settlement Found(Turn turn, CarrierMessage message) =>
        Sent(turn, message.Sid, message.Status, message.Segments, message.PriceMicros, "found", TimeSpan.Zero);

    /// <summary>
    /// Ended before this run. When a receipt alone proved that the carrier took it, the settlement that tells of the send never happened.
    /// </summary>
    public Settlement Resolved(Turn turn, Outbound outbound) => outbound.State is "sent" or "partly_delivered" or "undelivered" or "delivered" or "read"
        ? Sent(turn, null, null, outbound.Segments, null, "callback", TimeSpan.Zero)
        : new Settlement(turn, QueueAct.Done);

    /// <summary>Stays as it is and is looked at again; costs no try.</summary>
    public static Settlement StillUncertain(Turn turn, string why, TimeSpan delay) => new(turn, QueueAct.Again)
    {
        Delay = delay,
        Fault = why,
        OutboundState = "uncertain",
        EventType = turn.Outbound!.State == "uncertain" ? null : EventTypes.Uncertain,
        EventData = $$"""{"m":{{turn.Outbound.Id}},"why":"{{why}}","a":{{turn.Outbound.Attempt}}}""",
    };

    /// <summary>Waits without counting a try; what is stored stays pending.</summary>
    public Settlement Wait(Turn turn, string why, TimeSpan delay) => retries.Again(turn, why, delay, countsAsTry: false);

    /// <summary>Too old to be answered by a machine.</summary>
    public static Settlement Stale(Turn turn) => Ended(turn, "stale", "too_old");

    /// <summary>Ends unsent, in a state that says why.</summary>
    public static Settlement Ended(Turn turn, string state, string why) => new(turn, QueueAct.Done)
    {
        OutboundState = state,
        EventType = EventTypes.Ignored,
        EventData = $$"""{"m":{{turn.Outbound!.Id}},"why":"{{why}}"}""",
    };

    private Settlement Sent(Turn turn, string? sid, string? status, int segments, long? billed, string? recovered, TimeSpan took)
    {
        var parts = segments > 0 ? segments : turn.Outbound!.Segments;
        var micros = billed ?? price.Micros(parts);
        return new Settlement(turn, QueueAct.Done)
        {
            OutboundState = "sent",
            Rank = RankOf(status),
            Sid = sid,
            CarrierStatus = status,
            CarrierMicros = micros,
            Recovered = recovered,
            EventType = EventTypes.Sent,
            EventData = string.Create(CultureInfo.InvariantCulture,
                $$"""{"m":{{turn.Outbound!.Id}},"a":{{turn.Outbound.Attempt}},"sid":"{{sid}}","ms":{{(long)took.TotalMilliseconds}},"micros":{{micros}},"segments":{{parts}},"recovered":"{{recovered}}","t":{{Microseconds(turn.MessageAt)}}}"""),
        };
    }

    private static Settlement Failed(Turn turn, CarrierError error) => new(turn, QueueAct.Done)
    {
        OutboundState = error.Action == CarrierAction.SuppressConsent ? "opted_out" : "failed",
        Rank = RankOf("failed"),
        ErrorCode = error.Code,
        ErrorText = error.Words,
        OptsOut = error.Action == CarrierAction.SuppressConsent,
        Fault = Code("refused", error.Code),
        EventType = EventTypes.Failed,
        EventData = string.Create(CultureInfo.InvariantCulture, $$"""{"m":{{turn.Outbound!.Id}},"code":{{error.Code}},"why":"refused"}"""),
    };

    private static short RankOf(string? status) => (short)(Receipts.CarrierStatus.Find(status)?.Rank ?? Receipts.CarrierStatus.PendingRank);

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static string Code(string word, int code) => string.Create(CultureInfo.InvariantCulture, $"{word} {code}");
}
