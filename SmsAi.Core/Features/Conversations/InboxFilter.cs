namespace SmsAi.Core.Features.Conversations;

/// <summary>Which conversations of the inbox are wanted, seen by one operator.</summary>
public sealed record InboxFilter
{
    /// <summary>Whose unread texts count; null for nobody's.</summary>
    public long? Operator { get; init; }

    public InboxShow Show { get; init; }

    public string? Tier { get; init; }

    public string? Channel { get; init; }
}

/// <summary>The parts of the inbox.</summary>
public enum InboxShow
{
    All,

    /// <summary>She texted since this operator read the conversation.</summary>
    Unread,

    /// <summary>A dead letter or an uncertain send waits for a decision.</summary>
    NeedsPerson,

    /// <summary>Something is queued, held or being answered, or a person has the conversation and owes an answer.</summary>
    Waiting,

    /// <summary>An operator answers there instead of the AI.</summary>
    Taken,
}
