using System.Text;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>Makes text fit for SMS: without signs that cost much and say nothing, and no longer than wanted.</summary>
public static class SmsText
{
    private const string More = "...";

    /// <summary>
    /// The text without invisible letters, with plain line ends and composed accents. Curly quotes, long dashes, odd spaces and the
    /// like become plain signs when the whole text then fits GSM's alphabet; when it doesn't (Chinese, emoji), changing them would
    /// save nothing, and they stay.
    /// </summary>
    public static string Clean(string text)
    {
        if (IsTidy(text)) return text;
        var tidy = Tidy(text);
        if (IsGsm7(tidy)) return tidy;
        var plain = PlainLetters.Replace(tidy);
        return IsGsm7(plain) ? plain.Trim() : tidy;
    }

    /// <summary>The text itself, or as much of it as goes into so many parts, cut at a sentence or word and ending in "...".</summary>
    public static string Fit(string text, int maxSegments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSegments, 1);
        if (Segments.PartsOf(text) <= maxSegments) return text;

        var end = LongestEnd(text, maxSegments);
        var cut = SentenceEnd(text, end);
        if (cut > 0) return string.Concat(text.AsSpan(0, cut), " ", More);
        cut = WordEnd(text, end);
        return string.Concat(text.AsSpan(0, cut > 0 ? cut : end).TrimEnd(" \n\r\t,;:-–—"), More);
    }

    private static bool IsGsm7(string text)
    {
        foreach (var letter in text)
            if (GsmAlphabet.Septets(letter) == 0) return false;
        return true;
    }

    /// <summary>Most answers are plain from the start.</summary>
    private static bool IsTidy(string text) =>
        GsmAlphabet.HasOnlyOneSeptetLetters(text) && !text.Contains('\r', StringComparison.Ordinal)
        && (text.Length == 0 || !(char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])));

    private static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (IsLineEnd(text[index]))
            {
                tidy.Append('\n');
                if (text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n') index++;
            }
            else if (!IsInvisible(text[index])) tidy.Append(text[index]);
        }

        var kept = tidy.ToString();
        return (HasLoneSurrogate(kept) ? kept : kept.Normalize(NormalizationForm.FormC)).Trim();
    }

    private static bool IsLineEnd(char letter) => letter is '\n' or '\r' or '\u000b' or '\u0085' or '\u2028' or '\u2029';

    /// <summary>Control letters, soft hyphens, zero-width spaces and byte order marks. Joiners stay: emoji and scripts need them.</summary>
    private static bool IsInvisible(char letter) =>
        letter is '\u00ad' or '\u200b' or '\u2060' or '\ufeff' || (char.IsControl(letter) && letter != '\t');

    private static bool HasLoneSurrogate(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[index + 1])) return true;
            index++;
        }

        return false;
    }

    /// <summary>The most of the text, in whole letters, that fits together with what is put behind it.</summary>
    private static int LongestEnd(string text, int maxSegments)
    {
        var ends = new List<int> { 0 };
        for (var position = 0; position < text.Length; ends.Add(position)) position += Segments.LetterLength(text.AsSpan(position));

        var buffer = new char[text.Length + More.Length + 1];
        text.CopyTo(buffer);
        var (fits, tooLong) = (0, ends.Count - 1);
        while (tooLong - fits > 1)
        {
            var middle = (fits + tooLong) / 2;
            (" " + More).CopyTo(buffer.AsSpan(ends[middle]));
            if (Segments.PartsOf(buffer.AsSpan(0, ends[middle] + More.Length + 1)) <= maxSegments) fits = middle;
            else tooLong = middle;
            text.AsSpan(ends[middle], Math.Min(More.Length + 1, text.Length - ends[middle])).CopyTo(buffer.AsSpan(ends[middle]));
        }

        return ends[fits];
    }

    /// <summary>The last sentence's end, unless that throws away more than a third.</summary>
    private static int SentenceEnd(string text, int end)
    {
        for (var index = end; index > end * 2 / 3; index--)
        {
            if (text[index - 1] is '。' or '！' or '？') return index;
            if (text[index - 1] is '.' or '!' or '?' && char.IsWhiteSpace(text[index])) return index;
        }

        return 0;
    }

    private static int WordEnd(string text, int end)
    {
        for (var index = end; index > end / 2; index--)
            if (char.IsWhiteSpace(text[index])) return index;
        return 0;
    }
}
