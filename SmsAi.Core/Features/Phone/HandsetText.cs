namespace SmsAi.Core.Features.Phone;

/// <summary>A text somebody writes on a handset, and how hard its way to us is made.</summary>
public sealed record HandsetText(TestNumber From, string Body)
{
    /// <summary>As long as a carrier takes it.</summary>
    public const int Longest = 1600;

    /// <summary>The webhook comes twice at once, with one SID.</summary>
    public bool IsTwice { get; init; }

    /// <summary>The webhook is signed with a token that isn't ours.</summary>
    public bool HasWrongToken { get; init; }

    /// <summary>How late the webhook comes.</summary>
    public TimeSpan Delay { get; init; }
}

/// <summary>What became of a handset's webhook.</summary>
/// <param name="Status">What we answered; null when it did not reach us.</param>
/// <param name="IsLost">It was lost on purpose, and the sweep has to find the text.</param>
public sealed record HandsetPost(string Sid, int? Status, bool IsLost = false)
{
    public bool IsTaken => Status is >= 200 and < 300;
}
