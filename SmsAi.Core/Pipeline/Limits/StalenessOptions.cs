namespace SmsAi.Core.Pipeline.Limits;

/// <summary>How old a text may be and still be answered by itself.</summary>
public sealed class StalenessOptions
{
    public const string Section = "Replies";

    /// <summary>Older texts are shown to people and never answered by a machine: after outages, pauses and restores alike. One minute to 24 hours.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        if (MaxAge < TimeSpan.FromMinutes(1) || MaxAge > TimeSpan.FromHours(24))
            yield return $"{Section}:MaxAge must be between 00:01:00 and 1.00:00:00.";
    }
}
