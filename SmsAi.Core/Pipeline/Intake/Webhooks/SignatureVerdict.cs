namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>Why a webhook's signature was refused.</summary>
public enum SignatureRefusal
{
    None,
    NoTokenConfigured,
    NoPublicUrl,
    HeaderMissing,
    HeaderEmpty,
    HeaderMalformed,
    FormUnreadable,
    BodyHashMissing,
    BodyHashMismatch,
    Mismatch,
}

/// <summary>Which auth token signed: the secondary one is only alive while tokens are rotated.</summary>
public enum SigningToken
{
    None,
    Primary,
    Secondary,
}

/// <summary>Which spelling of our URL was signed; Twilio is inconsistent about ports.</summary>
public enum UrlVariant
{
    None,
    AsGiven,
    PortAdded,
    PortRemoved,
}

/// <summary>The outcome of a signature check: the reason of refusal, or the token, the URL and its variant that validated.</summary>
public readonly record struct SignatureVerdict(SignatureRefusal Refusal, SigningToken Token, UrlVariant Variant, string? Url)
{
    public bool IsValid => Refusal == SignatureRefusal.None && Token != SigningToken.None;

    internal static SignatureVerdict Refused(SignatureRefusal reason) => new(reason, SigningToken.None, UrlVariant.None, null);
}
