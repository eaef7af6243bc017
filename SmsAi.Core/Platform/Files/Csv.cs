using System.Buffers;
using System.Globalization;

namespace SmsAi.Core.Platform.Files;

/// <summary>Writes the cells of a comma-separated file so that a spreadsheet shows them and never runs them.</summary>
public static class Csv
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n;\t");

    /// <summary>A text that a spreadsheet would take for a formula is led by an apostrophe (CWE-1236).</summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var harmless = BeginsFormula(text) ? "'" + text : text;
        return harmless.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }

    // Some programs skip blanks and what can't be seen first; others know the wide signs as well.
    private static bool BeginsFormula(string text) =>
        text[0] is '\t' or '\r' or '\n' || text.FirstOrDefault(IsSeen) is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠';

    private static bool IsSeen(char letter) =>
        !char.IsWhiteSpace(letter) && !char.IsControl(letter) && char.GetUnicodeCategory(letter) != UnicodeCategory.Format;
}
