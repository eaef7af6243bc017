namespace SmsAi.Core.Features.People;

/// <summary>What is done to people: another tier, or blocked, or unblocked, or a tag put on or taken off.</summary>
public sealed record PeopleChange(string? Tier, bool? IsBlocked, string? Tag = null, bool IsTagged = false)
{
    public static PeopleChange Block { get; } = new(null, true);

    public static PeopleChange Unblock { get; } = new(null, false);

    public static PeopleChange MoveTo(string tier) => new(tier, null);

    public static PeopleChange PutTag(string tag) => new(null, null, tag, true);

    public static PeopleChange TakeTag(string tag) => new(null, null, tag, false);

    /// <summary>The act's word in the audit trail.</summary>
    internal string Word => (Tag, IsBlocked) switch
    {
        (not null, _) => IsTagged ? "user.tag" : "user.untag",
        (_, true) => "user.block",
        (_, false) => "user.unblock",
        _ => "user.tier",
    };

    /// <summary>What undoes it for somebody who was as the trail says.</summary>
    internal PeopleChange Undo(string was) => this switch
    {
        { Tag: not null } => this with { IsTagged = !IsTagged },
        { Tier: null } => new(null, was == PeopleActs.Blocked),
        _ => MoveTo(was),
    };

    /// <summary>How the trail says what somebody was before.</summary>
    internal string Was(ChangedPerson person) => this switch
    {
        { Tag: not null } => person.Tag == TagPlace.On ? "tagged" : "not tagged",
        { Tier: null } => person.WasBlocked ? PeopleActs.Blocked : "not blocked",
        _ => person.TierBefore,
    };

    /// <summary>Whether it changes somebody who is so.</summary>
    internal bool Changes(string tier, bool isBlocked, TagPlace tag) => this switch
    {
        { Tag: not null } => tag == (IsTagged ? TagPlace.Off : TagPlace.On),
        { Tier: { } wanted } => wanted != tier,
        _ => IsBlocked != isBlocked,
    };
}

/// <summary>How somebody stands to a tag.</summary>
public enum TagPlace
{
    Off,
    On,

    /// <summary>She has as many tags as fit.</summary>
    NoRoom,
}

/// <summary>A person with the version somebody saw; null: whatever it is by now.</summary>
public readonly record struct PersonVersion(long Id, int? Version);

/// <summary>How many of those meant are now so; those who are already as wanted stay as they are.</summary>
public sealed record PreviewLine(string Tier, bool IsBlocked, long People, bool Changes, TagPlace Tag = TagPlace.Off);

/// <summary>A person that was changed: what she was before, and her version since.</summary>
public sealed record ChangedPerson(long Id, int Version, string TierBefore, bool WasBlocked, TagPlace Tag = TagPlace.Off);

/// <summary>How many of all that matched were changed, and the mark that finds them in the trail.</summary>
public sealed record ChangedAll(long People, string Mark);

/// <summary>What came of a change: who was changed, how many were so already, how many somebody else had changed meanwhile, and who that was.</summary>
public sealed record PeopleChanged(IReadOnlyList<ChangedPerson> Changed, int AlreadySo, int Conflicts, string? ConflictBy)
{
    public static PeopleChanged Nobody { get; } = new([], 0, 0, null);
}
