namespace SmsAi.Web.Platform.Ui;

/// <summary>Cuts texts for the screen without breaking a letter apart.</summary>
internal static class LongText
{
    public static string Cut(string text, int characters)
    {
        if (text.Length <= characters) return text;
        var end = characters;
        // An emoji or an accent that begins before the end is left out as a whole.
        while (end > 0 && (char.IsLowSurrogate(text[end]) || text[end] is '\u200d' or '\ufe0f' || text[end - 1] == '\u200d'
            || char.GetUnicodeCategory(text[end]) is System.Globalization.UnicodeCategory.NonSpacingMark)) end--;
        return end == 0 ? text[..characters] + "…" : text[..end] + "…";
    }
}
