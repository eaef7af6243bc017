using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>A text that passed the door, and how it came: by "webhook" or "sweep", under which token and which spelling of our URL.</summary>
public sealed record InboundArrival(InboundText Text, string Via, string Token, string UrlVariant)
{
    /// <summary>When the carrier got it; null for a webhook, which comes at once and names no time.</summary>
    public DateTimeOffset? WrittenAt { get; init; }
}

/// <summary>What became of an arrival.</summary>
public enum IntakeResult
{
    /// <summary>Stored, and queued for an answer.</summary>
    Kept,

    /// <summary>Its SID was here before: the same success again.</summary>
    Known,

    /// <summary>The database didn't answer in time or refused the row; the carrier must keep it, or the sweep brings it.</summary>
    Unavailable,
}
