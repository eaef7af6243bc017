namespace SmsAi.Core.Pipeline.Replying;

/// <summary>How much of a conversation the model is shown.</summary>
public sealed class RecentTurnsOptions
{
    public const string Section = "Replies";

    /// <summary>The newest messages of both sides, beside the one to answer; 0 shows the model that one alone. Each costs tokens with every answer.</summary>
    public int ContextTurns { get; set; } = 10;

    /// <summary>What is older belongs to another conversation. 30 minutes to 24 hours.</summary>
    public TimeSpan ContextWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        if (ContextTurns is < 0 or > 50)
            yield return $"{Section}:ContextTurns must be between 0 and 50.";
        if (ContextWindow < TimeSpan.FromMinutes(30) || ContextWindow > TimeSpan.FromHours(24))
            yield return $"{Section}:ContextWindow must be between 00:30:00 and 1.00:00:00.";
    }
}
