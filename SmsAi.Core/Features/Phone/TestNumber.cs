using System.Diagnostics.CodeAnalysis;

namespace SmsAi.Core.Features.Phone;

/// <summary>
/// A number that belongs to nobody: the last hundred of an exchange kept free for fiction. The Phone page may speak for these alone,
/// so that no operator can put words into a real person's mouth.
/// </summary>
public readonly record struct TestNumber
{
    private const int Digits = 10;

    private readonly string? _digits;

    private TestNumber(string digits) => _digits = digits;

    /// <summary>As the carrier writes it: +15550100111.</summary>
    public string Canonical => "+1" + _digits;

    /// <summary>As people write it: (555) 010-0111.</summary>
    public string Written => $"({_digits?[..3]}) {_digits?[3..6]}-{_digits?[6..]}";

    /// <summary>Takes (555) 010-0115 in any common spelling; "0115" alone means the first exchange.</summary>
    public static bool TryParse(string? text, out TestNumber number) => TryParse(text, out number, out _);

    /// <summary>The same, with the sentence that tells what is wrong.</summary>
    public static bool TryParse(string? text, out TestNumber number, [NotNullWhen(false)] out string? fault)
    {
        number = default;
        var given = text?.Trim() ?? "";
        var digits = string.Concat(given.Where(char.IsAsciiDigit));
        if (given.Any(letter => !char.IsAsciiDigit(letter) && letter is not ('+' or '(' or ')' or '-' or '.' or ' ')))
            return Refuse("Write digits, such as 0115 or (555) 010-0115.", out fault);
        if (digits.Length == 4)
            digits = "555010" + digits;
        else if (digits.Length == Digits + 1 && digits[0] == '1')
            digits = digits[1..];
        if (digits.Length != Digits)
            return Refuse("Write four digits, such as 0115, or all ten.", out fault);
        if (!BelongsToNobody(digits))
            return Refuse("This may be somebody's number. Take (555) 010-0100 to 0199, or 555-0100 to 0199 with any area code.", out fault);
        number = new TestNumber(digits);
        fault = null;
        return true;
    }

    public override string ToString() => Written;

    // 555-0100 to 555-0199 are kept free in every area; no exchange begins with 0, so 010 is nobody's either.
    private static bool BelongsToNobody(string digits) =>
        (digits.StartsWith("555010", StringComparison.Ordinal) || digits[3..6] == "555") && digits[6..8] == "01";

    private static bool Refuse(string why, out string fault)
    {
        fault = why;
        return false;
    }
}
