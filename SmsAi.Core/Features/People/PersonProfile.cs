using SmsAi.Core.Pipeline;

namespace SmsAi.Core.Features.People;

/// <summary>What is known about one person without her number, name or texts.</summary>
public sealed record PersonProfile
{
    public required PersonLine Line { get; init; }

    public required short TierId { get; init; }

    public required bool IsBlocked { get; init; }

    public required DateTimeOffset? MutedUntil { get; init; }

    public required long TextsTotal { get; init; }

    public required PersonPreferences Preferences { get; init; }

    public string TimeZone => Preferences.TimeZone;

    /// <summary>Her preferences as they are kept, by name.</summary>
    public required IReadOnlyList<(string Name, string Value)> KeptPreferences { get; init; }

    /// <summary>What stands there beside those the road knows.</summary>
    public IEnumerable<(string Name, string Value)> OtherPreferences => KeptPreferences.Where(one => one.Name is not ("notifications" or "features" or "language"));

    /// <summary>Her newest conversation.</summary>
    public required long? Conversation { get; init; }

    public IReadOnlyList<string> Tags => Line.Tags;

    public required string? BillingId { get; init; }

    /// <summary>Null: she never said STOP or START.</summary>
    public required PersonConsent? Consent { get; init; }

    public required IReadOnlyList<PersonHold> Holds { get; init; }

    public required bool HasNumber { get; init; }

    /// <summary>A name or an e-mail address was entered; they are shown with the number.</summary>
    public bool HasName { get; init; }

    internal byte[] PhoneHash { get; init; } = [];
}

/// <summary>What she said about being texted: in or out, how, when.</summary>
public sealed record PersonConsent(string State, string Source, DateTimeOffset At);

/// <summary>Sends to her wait: why, by whom, since and until when.</summary>
public sealed record PersonHold(long Id, string Reason, string By, DateTimeOffset At, DateTimeOffset? Until = null);

/// <summary>One text of hers and what became of it.</summary>
public sealed record PersonTask
{
    public required long Id { get; init; }

    public required long Message { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Category { get; init; }

    /// <summary>The state of its answer; of the text itself while there is none.</summary>
    public required string State { get; init; }

    public required string? Model { get; init; }

    public required int Tokens { get; init; }

    public required int? ProcessingMilliseconds { get; init; }

    public required long Micros { get; init; }

    public required string? Fault { get; init; }
}

/// <summary>One text of hers, or of ours to her, that went wrong.</summary>
public sealed record PersonError(long Message, DateTimeOffset At, bool IsInbound, string State, int? Code, string? Text, string? Reason);

/// <summary>She opted out or in by a text.</summary>
public sealed record ConsentChange(DateTimeOffset At, bool IsOut, long? Message);

/// <summary>A page of a person's tasks, newest first; the id from which older ones follow.</summary>
public sealed record PersonTasks(IReadOnlyList<PersonTask> Tasks, long? OlderThan);
