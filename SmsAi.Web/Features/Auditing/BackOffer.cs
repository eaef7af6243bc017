using SmsAi.Core.Features.Auditing;

namespace SmsAi.Web.Features.Auditing;

/// <summary>What changing an act of the trail back would do now.</summary>
/// <param name="Refusal">Why it can't be changed back; null: it can.</param>
public sealed record BackOffer(IReadOnlyList<BackOfferLine> Lines, string? Refusal)
{
    public static BackOffer Refused(string why) => new([], why);
}

/// <summary>What becomes of so many of those an act changed.</summary>
/// <param name="Changes">False: they stay as they are.</param>
/// <param name="Count">Null where the act was about one thing that isn't counted.</param>
public sealed record BackOfferLine(string Now, string Then, bool Changes, long? Count = null);

/// <summary>How a feature changes an act of its own back: it looks first, then acts, and says why when it can't.</summary>
/// <param name="Change">Null when it is done; otherwise why not.</param>
public sealed record BackAct(
    Func<CancellationToken, Task<BackOffer>> Look, Func<string, Actor, IProgress<long>, CancellationToken, Task<string?>> Change);
