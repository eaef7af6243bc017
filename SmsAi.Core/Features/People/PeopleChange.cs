namespace SmsAi.Core.Features.People;

/// <summary>What is done to people: another tier, or blocked, or unblocked.</summary>
public sealed record PeopleChange(string? Tier, bool? IsBlocked)
{
    public static PeopleChange Block { get; } = new(null, true);

    public static PeopleChange Unblock { get; } = new(null, false);

    public static PeopleChange MoveTo(string tier) => new(tier, null);

    /// <summary>The act's word in the audit trail.</summary>
    internal string Word => IsBlocked switch { true => "user.block", false => "user.unblock", null => "user.tier" };
}

/// <summary>A person with the version somebody saw; null: whatever it is by now.</summary>
public readonly record struct PersonVersion(long Id, int? Version);

/// <summary>How many of those meant are now so; those who are already as wanted stay as they are.</summary>
public sealed record PreviewLine(string Tier, bool IsBlocked, long People, bool Changes);

/// <summary>A person that was changed: what she was before, and her version since.</summary>
public sealed record ChangedPerson(long Id, int Version, string TierBefore, bool WasBlocked);

/// <summary>How many of all that matched were changed, and the mark that finds them in the trail.</summary>
public sealed record ChangedAll(long People, string Mark);

/// <summary>What came of a change: who was changed, how many were so already, how many somebody else had changed meanwhile, and who that was.</summary>
public sealed record PeopleChanged(IReadOnlyList<ChangedPerson> Changed, int AlreadySo, int Conflicts, string? ConflictBy)
{
    public static PeopleChanged Nobody { get; } = new([], 0, 0, null);
}
