using System.Globalization;

namespace SmsAi.Core.Features.Stories;

/// <summary>Which messages are wanted.</summary>
public sealed record MessageFilter
{
    public required DateTimeOffset From { get; init; }

    /// <summary>Before this moment; null: up to now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>As lists say it: what the row says, or what the queue does with it now.</summary>
    public string? State { get; init; }

    public string? Kind { get; init; }

    public bool? IsInbound { get; init; }

    /// <summary>A person's whole alias.</summary>
    public string? Alias { get; init; }

    /// <summary>Cost so much or more.</summary>
    public long? FromMicros { get; init; }

    /// <summary>The state is none that a text and its answer usually have: the column is_odd.</summary>
    internal bool IsOdd => State is "ignored" or "draft" or "uncertain" or "needs_person" or "partly_delivered" or "undelivered" or "failed" or "cancelled"
        or "stale" or "opted_out" or "blocked" or "dead_letter";

    /// <summary>Only what is in the queue can be shown so.</summary>
    internal bool IsLiving => State is "held" or "queued" or "answering";

    /// <summary>What rows of a shown state may say: a waiting text is "received" in its row, a waiting send "pending".</summary>
    internal string[]? StatesInRows => State switch
    {
        null => null,
        "held" => ["held", "received", "pending"],
        "queued" => ["received", "pending"],
        "answering" => ["received"],
        "answered" => ["answered", "received"],
        _ => [State],
    };
}

/// <summary>A place in the list: the time and number of a message.</summary>
public sealed record MessageCursor(DateTimeOffset At, long Id)
{
    // In the year 8307; a DateTime ends soon after.
    private const long LatestMicros = 200_000_000_000_000_000;

    /// <summary>Microseconds, as the database counts them, and the number.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}-{Id}");

    /// <summary>Null when the text is none.</summary>
    public static MessageCursor? Parse(string? text) =>
        text?.Split('-') is [var micros, var id]
        && long.TryParse(micros, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < LatestMicros
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(DateTimeOffset.UnixEpoch.AddTicks(at * TimeSpan.TicksPerMicrosecond), number)
            : null;
}
