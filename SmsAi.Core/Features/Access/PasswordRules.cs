using System.Text;

namespace SmsAi.Core.Features.Access;

/// <summary>
/// What a password must be: long, and not one of those tried first. No rule about kinds of characters, since those rules only make
/// passwords alike. A password is refused when nearly all of it is explained by common words, keyboard rows, repeats, years and the
/// person's or the service's own names.
/// </summary>
public static class PasswordRules
{
    public const int Shortest = 12;
    public const int Longest = 128;

    /// <summary>So many characters must be left when everything guessable is taken away.</summary>
    private const int LeastUnexplained = 4;

    /// <summary>A year or a birthday; more digits than that are a number of their own.</summary>
    private const int MostGuessableDigits = 8;

    private static readonly string[] ServiceWords = ["smsai", "twilio", "openai", "localhost"];

    /// <summary>Why the password is refused, in words for the person choosing it; null when it is good.</summary>
    public static string? FaultOf(string password, params ReadOnlySpan<string> ownWords)
    {
        var length = password.EnumerateRunes().Count();
        if (length < Shortest) return $"{length} characters. Use at least {Shortest}; a few words in a row are easy to keep.";
        if (length > Longest) return $"Longer than {Longest} characters.";
        return Unexplained(password, ownWords) < LeastUnexplained
            ? "This is among the first passwords somebody would try. Add words that have nothing to do with you or this service."
            : null;
    }

    private static int Unexplained(string password, ReadOnlySpan<string> ownWords)
    {
        var text = Simplify(password);
        var explained = new bool[text.Length];
        foreach (var word in CommonWords.All) Mark(text, word, explained);
        foreach (var word in ServiceWords) Mark(text, word, explained);
        foreach (var own in ownWords)
        {
            foreach (var part in own.Split(['@', '.', ' ', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (part.Length >= 3) Mark(text, Simplify(part), explained);
            }
        }

        MarkRuns(text, explained);
        MarkShortNumbersAndSigns(text, explained);
        return explained.Count(isExplained => !isExplained);
    }

    private static void Mark(string text, string word, bool[] explained)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
            explained.AsSpan(at, word.Length).Fill(true);
    }

    /// <summary>Three or more that repeat, or go up or down by one: aaaa, 12345, zyx.</summary>
    private static void MarkRuns(string text, bool[] explained)
    {
        for (var start = 0; start < text.Length - 2;)
        {
            var step = text[start + 1] - text[start];
            var end = start + 1;
            while (end < text.Length && text[end] - text[end - 1] == step) end++;
            var isRun = step is -1 or 0 or 1 && end - start >= 3;
            if (isRun) explained.AsSpan(start, end - start).Fill(true);
            start = isRun ? end : start + 1;
        }
    }

    private static void MarkShortNumbersAndSigns(string text, bool[] explained)
    {
        var numbersAreFew = text.Count(char.IsAsciiDigit) <= MostGuessableDigits;
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (numbersAreFew && end - at is > 0 and <= 4) explained.AsSpan(at, end - at).Fill(true);
            if (end > at)
            {
                at = end;
                continue;
            }

            if (char.IsPunctuation(text[at]) || char.IsSymbol(text[at]) || char.IsWhiteSpace(text[at])) explained[at] = true;
            at++;
        }
    }

    /// <summary>Lower case, and the usual disguises undone, but only beside letters: p@ssw0rd is a word, 1000 is a number.</summary>
    private static string Simplify(string text)
    {
        var lower = text.ToLowerInvariant();
        var simple = new StringBuilder(lower.Length);
        for (var index = 0; index < lower.Length; index++)
        {
            var besideLetter = (index > 0 && char.IsLetter(lower[index - 1])) || (index + 1 < lower.Length && char.IsLetter(lower[index + 1]));
            simple.Append(besideLetter ? Undisguise(lower[index]) : lower[index]);
        }

        return simple.ToString();
    }

    private static char Undisguise(char character) => character switch
    {
        '0' => 'o',
        '1' => 'l',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => character,
    };
}
