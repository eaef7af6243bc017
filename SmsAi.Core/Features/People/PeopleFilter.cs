namespace SmsAi.Core.Features.People;

/// <summary>Which people are wanted; what is null doesn't matter.</summary>
public sealed record PeopleFilter
{
    /// <summary>The beginning of an alias or of its second word, or two last digits.</summary>
    public string? Search { get; init; }

    /// <summary>The tier's name.</summary>
    public string? Tier { get; init; }

    public bool? IsBlocked { get; init; }

    /// <summary>Wrote at this moment or later.</summary>
    public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>ISO 3166 two letters.</summary>
    public string? Country { get; init; }

    /// <summary>Cost at least this much this UTC month, model and carrier together.</summary>
    public long? SpendMicros { get; init; }

    /// <summary>Carries this tag.</summary>
    public string? Tag { get; init; }

    /// <summary>One person alone, such as the one with a number that was looked for.</summary>
    public long? Id { get; init; }

    public bool IsEmpty => this == new PeopleFilter();
}

/// <summary>What people are put in order by.</summary>
public enum PeopleOrder
{
    LastText,
    Alias,
    Since,
    Spend,
}

/// <summary>A place in a list: everything after it, or everything before.</summary>
public sealed record PeoplePlace(string Value, long Id, bool IsBefore);

/// <summary>Someone as a list shows her: no number, no name.</summary>
public sealed record PersonLine
{
    public required long Id { get; init; }

    public required int Version { get; init; }

    public required string Alias { get; init; }

    public required string Tail { get; init; }

    public required string Tier { get; init; }

    public required string? Country { get; init; }

    /// <summary>active, blocked, optedout, held or muted.</summary>
    public required string State { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset LastText { get; init; }

    public required int TextsMonth { get; init; }

    public required long SpendMicros { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Where she stands in the order that was asked for.</summary>
    internal string Value { get; init; } = "";
}

/// <summary>One page of people with the way to its neighbours.</summary>
public sealed record PeoplePage(IReadOnlyList<PersonLine> People, PeoplePlace? Before, PeoplePlace? After);

/// <summary>How many match; above ten thousand it is the planner's estimate.</summary>
public sealed record PeopleCount(long Count, bool IsEstimate);
