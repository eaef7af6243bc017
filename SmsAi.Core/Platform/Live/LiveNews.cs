namespace SmsAi.Core.Platform.Live;

/// <summary>Says what changed, not how: whoever shows it asks again.</summary>
public sealed record LiveNews(IReadOnlySet<string> Topics);

/// <summary>The topics there are.</summary>
public static class LiveTopics
{
    public const string Messages = "messages";
    public const string Queue = "queue";

    /// <summary>The switches. The one topic that is never batched, and goes by PostgreSQL as well as by Redis.</summary>
    public const string Controls = "controls";

    public const string Metrics = "metrics";
    public const string Phone = "phone";

    /// <summary>What operators did to people; not each text of theirs.</summary>
    public const string People = "people";

    /// <summary>The inbox: new messages as its reader has kept them, and who has a conversation.</summary>
    public const string Conversations = "conversations";

    /// <summary>What operators changed of the service's settings.</summary>
    public const string Settings = "settings";

    /// <summary>A conversation passed from the AI to a person, between people, or back.</summary>
    public const string TakeOvers = "takeovers";

    /// <summary>The API keys.</summary>
    public const string Keys = "keys";

    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal) { Messages, Queue, Controls, Metrics, Phone, People, Conversations, Settings, TakeOvers, Keys };
}
