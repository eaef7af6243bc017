namespace SmsAi.Core.Features.Conversations;

/// <summary>How long a person keeps a conversation she does nothing in.</summary>
public sealed class ConversationsOptions
{
    public const string Section = "Conversations";

    /// <summary>After so long without an act or a letter of hers, the AI answers again.</summary>
    public TimeSpan ReturnAfter { get; set; } = TimeSpan.FromMinutes(30);

    public IEnumerable<string> Faults()
    {
        if (ReturnAfter < TimeSpan.FromMinutes(1) || ReturnAfter > TimeSpan.FromHours(24))
            yield return $"{Section}:ReturnAfter is {ReturnAfter}; set it between 00:01:00 and 1.00:00:00.";
    }
}
