namespace SmsAi.Core.Platform.Access;

/// <summary>What a session's cookie says beside Identity's own claims.</summary>
public static class SessionClaimTypes
{
    /// <summary>When the session began, in seconds since 1970.</summary>
    public const string SignedInAt = "smsai:signed-in-at";

    /// <summary>An id that means nothing elsewhere, for the audit trail.</summary>
    public const string Session = "smsai:session";
}
