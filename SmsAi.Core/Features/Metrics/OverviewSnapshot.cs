namespace SmsAi.Core.Features.Metrics;

/// <summary>Everything the Overview shows at one moment, made once for everybody who watches. Days are UTC days; money is micro-dollars.</summary>
public sealed record OverviewSnapshot
{
    public required DateTimeOffset At { get; init; }

    public required DayFigures Today { get; init; }

    public required MinuteRate Now { get; init; }

    public required QueueFigures Queue { get; init; }

    /// <summary>The last 60 minutes.</summary>
    public required OverviewSpan Hour { get; init; }

    public required IReadOnlyList<NeedsYou> NeedsYou { get; init; }

    /// <summary>The newest messages, newest first.</summary>
    public required IReadOnlyList<TailRow> Tail { get; init; }
}

/// <summary>The figures of a UTC day so far.</summary>
/// <param name="ReceivedWeekAgo">Received on the same weekday a week ago, up to the same time of day.</param>
/// <param name="CapMicros">What may be spent on the day; null without a cap.</param>
public sealed record DayFigures(
    long Received, long ReceivedWeekAgo, long Sent, long Delivered, long Errors, long ActiveUsers, long ModelMicros, long CarrierMicros, long? CapMicros)
{
    public long CostMicros => ModelMicros + CarrierMicros;

    /// <summary>Errors among what was sent or failed to be; null when nothing was.</summary>
    public double? ErrorRate => Math.Max(Sent, Errors) is > 0 and var all ? (double)Errors / all : null;

    /// <summary>More (+) or less (-) received than a week ago, as a share; null when there was nothing then.</summary>
    public double? ReceivedChange => ReceivedWeekAgo == 0 ? null : (double)(Received - ReceivedWeekAgo) / ReceivedWeekAgo;
}

/// <summary>Texts in the last 60 seconds, estimated from whole minutes, and the fullest minute of the day, in and out together.</summary>
public sealed record MinuteRate(int In, int Out, int Peak, DateTimeOffset? PeakAt);

/// <summary>Living work. Counts end at <see cref="Most"/>, which then means "or more".</summary>
/// <param name="Waiting">Due or being worked on.</param>
/// <param name="Held">Waiting for a switch or a gate to open, or behind a text that does.</param>
public sealed record QueueFigures(int Waiting, TimeSpan? OldestWaiting, int Held, TimeSpan? OldestHeld)
{
    public const int Most = 10_001;
}

/// <summary>A stretch of time in which a switch ("kill", "pause", "ai") stopped something; <paramref name="Until"/> is null while it still does.</summary>
public sealed record StopBand(string Switch, DateTimeOffset From, DateTimeOffset? Until, string By, string Reason);

/// <summary>Something that waits for a person: its kind (dead_letters, uncertain, needs_person, critical, cannot_stop, chain, audit_copy), how much, since when, and in words.</summary>
/// <param name="Message">The newest message it is about, if any.</param>
public sealed record NeedsYou(string Kind, int Count, DateTimeOffset? Since, string Detail, long? Message)
{
    /// <summary>In the marks of whoever looks.</summary>
    public string Title => NeedsYouWords.Title(Kind, Count);
}

/// <summary>One line of the live tail. The text isn't here: its length is, for grey blocks; see <see cref="OverviewSource.ReadBodiesAsync"/>.</summary>
public sealed record TailRow
{
    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool IsInbound { get; init; }

    public required long UserId { get; init; }

    public required long ConversationId { get; init; }

    /// <summary>Empty for an erased person.</summary>
    public required string Alias { get; init; }

    public required string Tail { get; init; }

    /// <summary>What it is about (Coding, General …) once that is known, else what kind of message it is; empty for a text not answered yet.</summary>
    public required string Kind { get; init; }

    /// <summary>The database's word, and "answering", "queued" or "held" as the queue says.</summary>
    public required string State { get; init; }

    public int? AnswerMilliseconds { get; init; }

    /// <summary>Model and carrier; null for what costs nothing.</summary>
    public long? CostMicros { get; init; }

    /// <summary>Bytes of the text; null when it is erased.</summary>
    public int? Length { get; init; }
}
