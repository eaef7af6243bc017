namespace SmsAi.Core.Pipeline;

/// <summary>What a sender's or recipient's address turned out to be.</summary>
public enum PhoneVerdict
{
    /// <summary>No address at all.</summary>
    Empty,

    /// <summary>An E.164 number of a known country or service.</summary>
    Valid,

    /// <summary>A WhatsApp id that hides the number ("whatsapp:US.134…"); it can be answered on WhatsApp only.</summary>
    WhatsAppScopedId,

    /// <summary>3 to 8 digits without +: a carrier's or company's short code.</summary>
    ShortCode,

    /// <summary>A sender's name such as "MYBANK", which nobody can answer.</summary>
    Alphanumeric,

    /// <summary>Digits without + and country.</summary>
    NoCountryCode,

    UnknownCountryCode,

    TooShort,

    TooLong,

    /// <summary>Nothing of the above.</summary>
    Malformed,
}
