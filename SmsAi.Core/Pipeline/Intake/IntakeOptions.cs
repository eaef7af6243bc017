namespace SmsAi.Core.Pipeline.Intake;

/// <summary>How webhooks are gathered into transactions.</summary>
public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>Transactions that may be under way at once. Two let one gather while the other commits.</summary>
    public int Writers { get; set; } = 2;

    /// <summary>Texts in one transaction at most; beyond 128 a batch takes longer than it saves.</summary>
    public int LargestBatch { get; set; } = 96;

    /// <summary>How long a webhook waits for its commit before it is answered 503. A commit that still happens is safe by its SID.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(700);
}
