namespace SmsAi.Web.Features.Access;

/// <summary>How long a session lives: 30 minutes without use, 12 hours in all, open screens included.</summary>
internal static class SessionRules
{
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan InAll = TimeSpan.FromHours(12);

    /// <summary>How soon a taken right or a changed password ends what is open.</summary>
    public static readonly TimeSpan Recheck = TimeSpan.FromSeconds(30);

    internal static bool IsOver(DateTimeOffset? beganAt, DateTimeOffset? lastUse, DateTimeOffset now) =>
        beganAt is not { } began || now - began > InAll || (lastUse is { } used && now - used > Idle);
}
