namespace SmsAi.Core.Features.Phone;

/// <summary>Who called whom.</summary>
public enum WireDirection
{
    /// <summary>The carrier called us.</summary>
    In,

    /// <summary>We called the carrier or the model.</summary>
    Out,
}

/// <summary>One call over HTTP that a handset's conversation caused; never with a body.</summary>
/// <param name="Key">The same call has the same key at every reading.</param>
/// <param name="Status">The HTTP status; null when there was no answer.</param>
/// <param name="Took">Null where nobody measured it.</param>
public sealed record WireLine(
    string Key, DateTimeOffset At, WireDirection Direction, string Call, string Note, int? Status, TimeSpan? Took, IReadOnlyList<WireFact> Facts)
{
    public bool IsFault => Status is null or >= 400;
}

/// <summary>One field of a call, as it may be shown.</summary>
public sealed record WireFact(string Name, string Value);
