namespace SmsAi.Core.Features.Stories;

/// <summary>Everything that happened to one message and its counterpart, as the Message page tells it. Money is micro-dollars.</summary>
public sealed record MessageStory
{
    /// <summary>The message that was asked for.</summary>
    public required StoryMessage Asked { get; init; }

    public required long ConversationId { get; init; }

    public required StoryPerson Person { get; init; }

    /// <summary>The text that began it; null for a send that no text asked for.</summary>
    public StoryMessage? Inbound { get; init; }

    /// <summary>What was sent, or is to be sent; null while there is nothing.</summary>
    public StoryMessage? Outbound { get; init; }

    /// <summary>In the order it happened.</summary>
    public required IReadOnlyList<StoryEntry> Timeline { get; init; }

    /// <summary>Where the time went; together they are <see cref="Took"/>. Empty before there is anything to measure.</summary>
    public required IReadOnlyList<StorySegment> Waterfall { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public TimeSpan Took { get; init; }

    /// <summary>How far it got: "delivered", "accepted by the carrier" …</summary>
    public string Reached { get; init; } = "";

    public required IReadOnlyList<StoryCost> Costs { get; init; }

    public long TotalMicros { get; init; }

    /// <summary>About the model's answer; null when none was asked.</summary>
    public StoryAnswer? Answer { get; init; }
}

/// <summary>Who it is with. The alias is empty for an erased person.</summary>
public sealed record StoryPerson(long Id, string Alias, string Tail);

/// <summary>One message's row, for people.</summary>
/// <param name="State">The database's word.</param>
/// <param name="Text">Null when it wasn't asked for, or can't be read: see <paramref name="IsErased"/>.</param>
public sealed record StoryMessage(
    long Id, DateTimeOffset At, bool IsInbound, string Kind, string State, string? Sid, string? CarrierStatus, int? ErrorCode, string? ErrorText,
    int Segments, int Media, int Attempts, string? Text, bool IsErased);

/// <summary>The weight of an entry.</summary>
public enum StoryTone
{
    None,
    Ok,
    Warn,
    Stop,
    Info,
}

/// <summary>One line of the timeline.</summary>
/// <param name="Offset">From the start of the story.</param>
/// <param name="Icon">The name of an icon, in lower case: in, consent, check, checks, routing, models, sparkle, access, up, refresh, question, hold …</param>
public sealed record StoryEntry(TimeSpan Offset, string Icon, string Title, string Detail, DateTimeOffset At, StoryTone Tone);

/// <summary>A stretch of the waterfall: "waiting", "model", "send", "carrier", and its words.</summary>
public sealed record StorySegment(string Kind, string Title, TimeSpan Took);

/// <summary>A line of the cost, to the micro-dollar.</summary>
public sealed record StoryCost(string What, long Micros);

/// <summary>About the answer of the model.</summary>
/// <param name="Tries">How often it was begun: one, and one for each retry.</param>
public sealed record StoryAnswer(string Model, string? Persona, string? Category, int Tries, int TokensIn, int TokensCached, int TokensOut, TimeSpan Took);
