namespace SmsAi.Core.Pipeline.Limits;

/// <summary>
/// When an exchange looks like two machines talking. The defaults trip before the carrier's own guard (30 texts within 30 seconds) does.
/// </summary>
public sealed class LoopGuardOptions
{
    public const string Section = "LoopGuard";

    /// <summary>Switch it off only for load tests, whose few senders write like machines.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Answers one person gets in a minute, whatever her tier; 0 is off.</summary>
    public int RepliesPerMinute { get; set; } = 5;

    /// <summary>Answers one person gets in an hour; 0 is off.</summary>
    public int PerHour { get; set; } = 30;

    /// <summary>Answers one person gets in a day (UTC); 0 is off.</summary>
    public int PerDay { get; set; } = 100;

    /// <summary>The same text so often within ten minutes mutes its sender for an hour; 0 is off.</summary>
    public int SameText { get; set; } = 3;

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        if (RepliesPerMinute is < 0 or > 10_000)
            yield return $"{Section}:RepliesPerMinute must be between 0 (off) and 10000.";
        if (PerHour is < 0 or > 100_000)
            yield return $"{Section}:PerHour must be between 0 (off) and 100000.";
        if (PerDay is < 0 or > 1_000_000)
            yield return $"{Section}:PerDay must be between 0 (off) and 1000000.";
        if (SameText is 1 or < 0 or > 1_000)
            yield return $"{Section}:SameText must be 0 (off) or between 2 and 1000.";
    }
}
