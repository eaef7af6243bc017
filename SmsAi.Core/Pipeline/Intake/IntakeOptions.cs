namespace SmsAi.Core.Pipeline.Intake;

/// <summary>How webhooks are gathered into transactions.</summary>
public sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>
    /// Writers of texts, and how many of the road's writers (texts, answers, ends) may be at the database at once. With one, each gathers what comes
    /// while the others commit; more make smaller, dearer batches.
    /// </summary>
    public int Writers { get; set; } = 1;

    /// <summary>Texts in one transaction at most; beyond 128 a batch takes longer than it saves.</summary>
    public int LargestBatch { get; set; } = 96;

    /// <summary>How long a webhook waits for its commit before it is answered 503. A commit that still happens is safe by its SID.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>What is wrong with the settings, in words for the person who made them.</summary>
    public IEnumerable<string> Faults()
    {
        if (Writers is < 1 or > 8)
            yield return $"{Section}:Writers is {Writers}; set it between 1 and 8.";
        if (LargestBatch is < 1 or > 128)
            yield return $"{Section}:LargestBatch is {LargestBatch}; set it between 1 and 128.";
        if (Patience < TimeSpan.FromMilliseconds(50) || Patience > TimeSpan.FromSeconds(14))
            yield return $"{Section}:Patience is {Patience}; set it between 00:00:00.050 and 00:00:14, before the carrier's own is over.";
    }
}
