namespace SmsAi.Core.Pipeline.Intake;

/// <summary>The words under which a sender's verdict is stored.</summary>
internal static class Verdicts
{
    public const string Valid = "valid";

    public static string Word(PhoneVerdict verdict) => verdict switch
    {
        PhoneVerdict.Valid => Valid,
        PhoneVerdict.WhatsAppScopedId => "whatsapp_id",
        PhoneVerdict.ShortCode => "short_code",
        PhoneVerdict.Alphanumeric => "alphanumeric",
        PhoneVerdict.NoCountryCode => "no_country_code",
        PhoneVerdict.UnknownCountryCode => "unknown_country_code",
        PhoneVerdict.TooShort => "too_short",
        PhoneVerdict.TooLong => "too_long",
        PhoneVerdict.Empty => "empty",
        _ => "malformed",
    };
}
