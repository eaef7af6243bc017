namespace SmsAi.Core.Pipeline.Intake;

/// <summary>The form in which two texts count as the same: letters and digits in lower case, one space between words.</summary>
public static class NormalText
{
    public static string Of(string text)
    {
        Span<char> buffer = text.Length <= 512 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var letter in text)
        {
            if (char.IsLetterOrDigit(letter))
                buffer[length++] = char.ToLowerInvariant(letter);
            else if (length > 0 && buffer[length - 1] != ' ')
                buffer[length++] = ' ';
        }

        return new string(buffer[..length].TrimEnd(' '));
    }
}
