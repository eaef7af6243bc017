namespace SmsAi.Core.Features.Auditing;

/// <summary>Why somebody acted, as the trail keeps it: a few words, whatever a form let through.</summary>
public static class AuditReason
{
    public const int Longest = 200;

    /// <summary>Throws when there is none, or more than a few words.</summary>
    public static void Demand(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, Longest, nameof(reason));
    }

    /// <summary>For what must never be refused: what is too long is left out, and control characters are, too.</summary>
    public static string Cut(string reason, int longest)
    {
        var text = string.Concat(reason.Where(letter => !char.IsControl(letter))).Trim();
        if (text.Length <= longest) return text;
        return text[..(longest - (char.IsHighSurrogate(text[longest - 1]) ? 1 : 0))];
    }
}
