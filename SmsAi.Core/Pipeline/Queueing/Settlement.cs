using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>What becomes of a turn's queue item.</summary>
public enum QueueAct
{
    /// <summary>The item is finished and leaves the queue.</summary>
    Done,

    /// <summary>It runs again after a delay.</summary>
    Again,

    /// <summary>It waits for a switch or a gate to open.</summary>
    Hold,

    /// <summary>It leaves the queue as a dead letter, for a person to decide.</summary>
    Dead,
}

/// <summary>The end of a turn: everything it changes, written in one transaction, once; with it goes the lease where nothing more is pending.</summary>
public sealed record Settlement(Turn Turn, QueueAct Act)
{
    public TimeSpan Delay { get; init; }

    public string? HeldBy { get; init; }

    /// <summary>Whether this end counts as one of the tries; waiting for switches, limits and certainty does not.</summary>
    public bool CountsAsTry { get; init; }

    public bool CountsAsLook { get; init; }

    /// <summary>A fixed word or a carrier's code, for people who look at the queue; never a body or a number.</summary>
    public string? Fault { get; init; }

    /// <summary>The state the text ends in, when it isn't simply answered: then it stays "received", and its answer's row says the rest.</summary>
    public string? InboundState { get; init; }

    public string? OutboundState { get; init; }

    public short Rank { get; init; }

    public string? Sid { get; init; }

    public string? CarrierStatus { get; init; }

    public int? ErrorCode { get; init; }

    public string? ErrorText { get; init; }

    public long CarrierMicros { get; init; }

    /// <summary>"found" or "absent": how an uncertain send was resolved.</summary>
    public string? Recovered { get; init; }

    /// <summary>The carrier said this person opted out.</summary>
    public bool OptsOut { get; init; }

    public string? EventType { get; init; }

    public string EventData { get; init; } = "{}";

    /// <summary>As nearly all end: the item is done, and nothing changes beside what was sent.</summary>
    internal bool IsPlain => Act == QueueAct.Done && InboundState is null && !OptsOut;

    /// <summary>The text ends without an answer.</summary>
    public static Settlement Ignore(Turn turn, string state, string why) => new(turn, QueueAct.Done)
    {
        InboundState = state,
        EventType = EventTypes.Ignored,
        EventData = $$"""{"m":{{turn.InboundId ?? turn.ItemId}},"why":"{{why}}"}""",
    };

    /// <summary>A switch or gate is closed; what was prepared is kept.</summary>
    public static Settlement Hold(Turn turn, string by) => new(turn, QueueAct.Hold)
    {
        HeldBy = by,
        OutboundState = turn.Outbound is null ? null : "held",
        EventType = EventTypes.Held,
        EventData = $$"""{"m":{{turn.Outbound?.Id ?? turn.ItemId}},"by":"{{by}}"}""",
    };
}
