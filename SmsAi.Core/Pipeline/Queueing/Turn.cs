using System.Diagnostics;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>One leased queue item of one conversation with all that is needed to work on it: a text to answer, an answer to send, or both.</summary>
public sealed class Turn
{
    private readonly long _leasedAt = Stopwatch.GetTimestamp();

    public required long ConversationId { get; init; }

    /// <summary>Grows with every lease; each later write carries it, so a worker that lost its lease changes nothing.</summary>
    public required long Fence { get; init; }

    public required long ItemId { get; init; }

    /// <summary>The text to answer; null for a send that no text asked for.</summary>
    public long? InboundId { get; init; }

    /// <summary>When the item's own message was stored (database clock); also its partition key.</summary>
    public required DateTimeOffset MessageAt { get; init; }

    /// <summary>How old the item's own message was when the turn was leased, by the database's clock; a text that was fetched counts from when the carrier got it.</summary>
    public TimeSpan AgeWhenLeased { get; init; }

    /// <summary>How old it is now; no replica's own clock has a say in it.</summary>
    public TimeSpan Age => AgeWhenLeased + Stopwatch.GetElapsedTime(_leasedAt);

    public required long Position { get; init; }

    public short Class { get; init; } = QueueClass.Answers;

    public int Tries { get; init; }

    public int Crashes { get; init; }

    public int Looks { get; init; }

    public required TurnPerson Person { get; init; }

    /// <summary>Our number, or the Messaging Service's SID: what the conversation is held under and sent from.</summary>
    public required string OurNumber { get; init; }

    public required string Channel { get; init; }

    /// <summary>The key bodies of this turn are encrypted under.</summary>
    public required PersonKey Key { get; init; }

    /// <summary>The inbound text in the clear; empty for a send that no text asked for.</summary>
    public string Text { get; init; } = "";

    public byte[]? ContentHash { get; init; }

    /// <summary>Twilio's own reading of an opt-out word, when its Advanced Opt-Out answered already.</summary>
    public string? OptOutType { get; init; }

    /// <summary>What the text changed about the person's consent in the intake transaction: "out", "in", or null.</summary>
    public string? ConsentChange { get; init; }

    /// <summary>What is to be sent; null until there is an answer.</summary>
    public Outbound? Outbound { get; set; }
}

/// <summary>The person of a turn, as the database knew her when the turn was leased.</summary>
public sealed record TurnPerson(long Id, string Address, string Verdict, short TierId, bool IsBlocked, bool HasOptedOut, DateTimeOffset? MutedUntil)
{
    /// <summary>The keyed hash that limits and the block list know her by.</summary>
    public required byte[] PhoneHash { get; init; }

    public PersonPreferences Preferences { get; init; } = PersonPreferences.None;
}

/// <summary>An outbound message in the clear with the state its row was last seen in.</summary>
public sealed record Outbound(long Id, DateTimeOffset At, string Kind, string State, int Attempt, DateTimeOffset? SendingAt, string Text, int Segments)
{
    /// <summary>How long it had been sending when it was read.</summary>
    public TimeSpan SendingFor { get; init; }
}

/// <summary>The classes of work; a lower one goes first, none starves.</summary>
public static class QueueClass
{
    public const short Answers = 1;
    public const short Manual = 2;
    public const short Broadcasts = 3;
}
