namespace SmsAi.Core.Features.Stopping;

/// <summary>What a hold stops: what is sent to one person or tier, of one kind, or from one of our numbers.</summary>
public abstract record HoldTarget
{
    /// <summary>The kinds of sends that can be held; an answer's apology counts as an answer.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["answer", "broadcast", "notice", "manual"];

    private HoldTarget()
    {
    }

    /// <summary>By her number in our records.</summary>
    public sealed record Person(long Id) : HoldTarget;

    /// <summary>Everybody in a tier, also who comes into it later.</summary>
    public sealed record Tier(string Name) : HoldTarget;

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public sealed record Kind(string Name) : HoldTarget;

    /// <summary>A number of ours, or a Messaging Service.</summary>
    public sealed record OurNumber(string Number) : HoldTarget;
}

/// <summary>A hold as it stands.</summary>
/// <param name="What">Whom or what it holds: a tier's name, a kind's word, one of our numbers; empty for a person.</param>
/// <param name="Waiting">Sends that wait behind it, and maybe behind others.</param>
public sealed record Hold(
    long Id, string Target, string What, long? UserId, string? Alias, string? Tail, string Reason, string By, DateTimeOffset At, DateTimeOffset? Until, long Waiting);
