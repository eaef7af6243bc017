namespace SmsAi.Core.Pipeline;

/// <summary>
/// An address that texts come from or go to, parsed once at the door: an E.164 number of any country, or whatever else arrived with
/// the verdict why it isn't one. Prints itself masked, so that no log shows a number by accident.
/// </summary>
public readonly struct PhoneNumber : IEquatable<PhoneNumber>
{
    private const string WhatsAppPrefix = "whatsapp:";

    private readonly string? _canonical;

    private PhoneNumber(string canonical, PhoneVerdict verdict, bool isWhatsApp, string? country = null, string callingCode = "") =>
        (_canonical, Verdict, IsWhatsApp, Country, CallingCode) = (canonical, verdict, isWhatsApp, country, callingCode);

    /// <summary>One spelling per sender, for hashing and storing; the same whether she writes by SMS or WhatsApp. Also for non-numbers.</summary>
    public string Canonical => _canonical ?? "";

    public PhoneVerdict Verdict { get; }

    /// <summary>The address came with WhatsApp's prefix.</summary>
    public bool IsWhatsApp { get; }

    /// <summary>ISO 3166 two letters, "001" for worldwide services, null when it is no number.</summary>
    public string? Country { get; }

    /// <summary>The country's calling code without +, or empty.</summary>
    public string CallingCode { get; }

    public bool IsValid => Verdict == PhoneVerdict.Valid;

    /// <summary>An answer can reach it: short codes, names and broken numbers cannot be answered.</summary>
    public bool IsAnswerable => Verdict is PhoneVerdict.Valid or PhoneVerdict.WhatsAppScopedId;

    /// <summary>A North American freephone number, where "yes" is no word to opt in.</summary>
    public bool IsTollFree => IsValid && Canonical.Length == 12
        && Canonical.AsSpan(0, 5) is "+1800" or "+1833" or "+1844" or "+1855" or "+1866" or "+1877" or "+1888";

    /// <summary>As the carrier writes it: with its channel's prefix.</summary>
    public string Address => IsWhatsApp && !Canonical.StartsWith(WhatsAppPrefix, StringComparison.Ordinal)
        ? WhatsAppPrefix + Canonical : Canonical;

    /// <summary>The last two characters, which tell people apart without telling who they are.</summary>
    public string Tail => Canonical.Length > 4 ? Canonical[^2..] : "";

    /// <summary>"··67".</summary>
    public string Masked => "··" + Tail;

    /// <summary>What was typed may be a number, or part of one: such a text never goes into an address or a log.</summary>
    public static bool MayBeOne(string? typed) =>
        typed is not null && !typed.Any(char.IsLetter) && (typed.Contains('+', StringComparison.Ordinal) || typed.Count(char.IsDigit) > 2);

    public static PhoneNumber Parse(string? address)
    {
        var text = address.AsSpan().Trim();
        var isWhatsApp = text.StartsWith(WhatsAppPrefix, StringComparison.OrdinalIgnoreCase);
        if (isWhatsApp) text = text[WhatsAppPrefix.Length..].Trim();
        if (text.IsEmpty) return new PhoneNumber("", PhoneVerdict.Empty, isWhatsApp);

        Span<char> digits = stackalloc char[MaxDigits + 1];
        var isInternational = text[0] == '+' || text.StartsWith("00");
        var count = ReadDigits(text[0] == '+' ? text[1..] : isInternational ? text[2..] : text, digits);
        return count switch
        {
            _ when isWhatsApp && count < 0 && text.Contains('.') => new(WhatsAppPrefix + text.ToString(), PhoneVerdict.WhatsAppScopedId, true),
            < 0 => new(Other(text), IsName(text) ? PhoneVerdict.Alphanumeric : PhoneVerdict.Malformed, isWhatsApp),
            0 => new(Other(text), PhoneVerdict.Malformed, isWhatsApp),
            > MaxDigits => new(Other(text), PhoneVerdict.TooLong, isWhatsApp),
            _ when isInternational => International(digits[..count], isWhatsApp),
            >= 3 and <= 8 => new(digits[..count].ToString(), PhoneVerdict.ShortCode, isWhatsApp),
            _ => new(digits[..count].ToString(), count < 3 ? PhoneVerdict.TooShort : PhoneVerdict.NoCountryCode, isWhatsApp),
        };
    }

    public bool Equals(PhoneNumber other) => Canonical == other.Canonical && IsWhatsApp == other.IsWhatsApp;

    public override bool Equals(object? obj) => obj is PhoneNumber other && Equals(other);

    public override int GetHashCode() => Canonical.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Masked;

    public static bool operator ==(PhoneNumber left, PhoneNumber right) => left.Equals(right);

    public static bool operator !=(PhoneNumber left, PhoneNumber right) => !left.Equals(right);

    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    private static PhoneNumber International(ReadOnlySpan<char> digits, bool isWhatsApp)
    {
        var canonical = string.Concat("+", digits);
        var (code, country) = CallingCodes.Find(digits);
        var verdict = country is null ? PhoneVerdict.UnknownCountryCode : digits.Length < MinDigits ? PhoneVerdict.TooShort : PhoneVerdict.Valid;
        return new PhoneNumber(canonical, verdict, isWhatsApp, verdict == PhoneVerdict.Valid ? country : null, code);
    }

    /// <summary>How many digits there are besides the usual separators, at most one more than fits; -1 when there is anything else.</summary>
    private static int ReadDigits(ReadOnlySpan<char> text, Span<char> digits)
    {
        var count = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter))
            {
                if (count < digits.Length) digits[count++] = letter;
            }
            else if (letter is not (' ' or '-' or '.' or '(' or ')' or '/' or '\u00a0')) return -1;
        }

        return count;
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        var hasLetter = false;
        foreach (var letter in text)
        {
            hasLetter |= char.IsAsciiLetter(letter);
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not (' ' or '-' or '_' or '&' or '+' or '.')) return false;
        }

        return hasLetter && text.Length <= 11;
    }

    /// <summary>Names differ in case between carriers, and one that long is nobody's.</summary>
    private static string Other(ReadOnlySpan<char> text) => text[..Math.Min(text.Length, 64)].ToString().ToUpperInvariant();
}
