using SmsAi.Core.Features.Auditing;

namespace SmsAi.Core.Features.Stopping;

/// <summary>What is to be paused for: when, why, and the text people get who write meanwhile.</summary>
public sealed record PausePlan(PauseWindow Window, string Reason, string? AutoAnswer)
{
    public const int LongestReason = AuditReason.Longest;
    public const int LongestAnswer = 480;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault => this switch
    {
        { Window.Fault: { } fault } => fault,
        _ when string.IsNullOrWhiteSpace(Reason) => "Say why, in a few words.",
        { Reason.Length: > LongestReason } => "The reason has more than 200 characters. Say it shorter.",
        { AutoAnswer.Length: > LongestAnswer } => "The text people get has more than 480 characters. Say it shorter.",
        _ => null,
    };
}

/// <summary>A pause that comes by itself, as it stands now.</summary>
/// <param name="Version">Counts its changes, so that two people don't overwrite each other.</param>
/// <param name="NextStart">Null when it is off, or over for good.</param>
/// <param name="LastOutcome">What came of its last window: a word of pause_runs.outcome.</param>
public sealed record PauseSchedule(
    long Id, int Version, PausePlan Plan, bool IsEnabled, string By, DateTimeOffset? NextStart, DateTimeOffset? NextEnd, string? LastOutcome,
    DateTimeOffset? LastStart);

/// <summary>What came of a change of a schedule.</summary>
public enum ScheduleOutcome
{
    Done,

    /// <summary>Somebody else changed or removed it meanwhile.</summary>
    Conflict,
}
