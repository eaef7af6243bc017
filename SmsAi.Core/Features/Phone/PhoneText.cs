namespace SmsAi.Core.Features.Phone;

/// <summary>One text of a handset's conversation, either way, as the database has it.</summary>
public sealed record PhoneText
{
    public required long Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The handset wrote it; otherwise we did.</summary>
    public required bool IsFromHandset { get; init; }

    public required string State { get; init; }

    /// <summary>Null where the reader may not see it, or its key is destroyed.</summary>
    public required string? Body { get; init; }

    public required int Characters { get; init; }
    public long? ReplyTo { get; init; }
    public int? AnswerMilliseconds { get; init; }
    public string? Sid { get; init; }
    public string? CarrierStatus { get; init; }
    public int? ErrorCode { get; init; }
    public string? ErrorText { get; init; }

    /// <summary>The switch or gate its turn waits for.</summary>
    public string? HeldBy { get; init; }

    /// <summary>Its turn is in the queue and runs, or is about to.</summary>
    public bool IsMoving { get; init; }

    /// <summary>Its turn has no answer yet.</summary>
    public bool IsUnanswered { get; init; }
}

/// <summary>What is known of the person behind a handset.</summary>
/// <param name="Alias">Null before its first text.</param>
public sealed record PhonePerson(string? Alias, string? Tier, bool IsOptedOut, bool IsBlocked);

/// <summary>The conversation of one handset with us: its texts, oldest first, and what went over the wire for them, newest first.</summary>
public sealed record PhoneThread(IReadOnlyList<PhoneText> Texts, IReadOnlyList<WireLine> Wire)
{
    public static PhoneThread Empty { get; } = new([], []);

    /// <summary>A text waits for a switch or a gate, and those after it wait behind it.</summary>
    public bool IsHeld => Texts.Any(text => text.HeldBy is not null);

    /// <summary>An answer is being made.</summary>
    public bool IsAnswering => !IsHeld && Texts.Any(text => text is { IsFromHandset: true, IsMoving: true, IsUnanswered: true });

    /// <summary>Something will change by itself within seconds.</summary>
    public bool IsMoving => Texts.Any(text => text.IsMoving || text is { IsFromHandset: false, State: "pending" or "sending" or "sent" });
}
