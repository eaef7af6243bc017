using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Searching;

/// <summary>A piece of a snippet: a word that was looked for, or what stands around it.</summary>
public sealed record SnippetPart(string Text, bool IsHit);

/// <summary>Cuts from a text the part that holds the words of a search, and marks them there.</summary>
internal sealed class Snippets(string words)
{
    private const int Before = 40;
    private const int Longest = 180;

    /// <summary>No cut is moved further for a word's sake: a text may be one word of ten thousand letters.</summary>
    private const int LongestWord = 40;

    private readonly HashSet<string> _wanted =
        [.. SearchQuery.Parse(words).Where(part => !part.IsExcluded).SelectMany(part => part.Words)];

    public IReadOnlyList<SnippetPart> Of(string text)
    {
        var hits = HitsIn(text);
        var start = hits.Count == 0 ? 0 : WordStart(text, Math.Max(0, hits[0].Start - Before));
        var end = WordEnd(text, Math.Min(text.Length, start + Longest));
        var parts = new List<SnippetPart>();
        var at = start;
        foreach (var (from, length) in hits.Where(hit => hit.Start >= start && hit.Start < end))
        {
            Add(parts, text[at..from], isHit: false);
            at = Math.Min(from + length, end);
            Add(parts, text[from..at], isHit: true);
        }

        Add(parts, text[at..end], isHit: false);
        if (start > 0) parts.Insert(0, new("…", false));
        if (end < text.Length) parts.Add(new("…", false));
        return parts;
    }

    private static void Add(List<SnippetPart> parts, string text, bool isHit)
    {
        if (text.Length > 0) parts.Add(new(text, isHit));
    }

    // Letters and digits in a row, folded as the search folds them. Scripts without spaces meet in pairs, so a run that holds one is a hit.
    private List<(int Start, int Length)> HitsIn(string text)
    {
        var hits = new List<(int, int)>();
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && IsOfWord(text[end])) end++;
            if (end == at)
            {
                at++;
                continue;
            }

            var word = TextFolding.Fold(text[at..end]);
            if (_wanted.Contains(word))
                hits.Add((at, end - at));
            else if (PairIn(word) >= 0)
                hits.Add(end - at > LongestWord && PairIn(text[at..end]) is >= 0 and var pair ? (at + pair, 2) : (at, end - at));
            at = end;
        }

        return hits;
    }

    private static bool IsOfWord(char letter) => char.IsLetterOrDigit(letter) || char.IsSurrogate(letter)
        || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;

    private int PairIn(string word) => _wanted.Where(wanted => wanted.Length == 2 && !char.IsAscii(wanted[0]))
        .Select(wanted => word.IndexOf(wanted, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();

    private static int WordStart(string text, int at)
    {
        var start = at;
        while (start > 0 && at - start < LongestWord && !char.IsWhiteSpace(text[start - 1])) start--;
        return start == 0 || char.IsWhiteSpace(text[start - 1]) ? start : Whole(text, at);
    }

    private static int WordEnd(string text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < LongestWord && !char.IsWhiteSpace(text[end])) end++;
        return end == text.Length || char.IsWhiteSpace(text[end]) ? end : Whole(text, at);
    }

    /// <summary>Never between the two halves of a character.</summary>
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
