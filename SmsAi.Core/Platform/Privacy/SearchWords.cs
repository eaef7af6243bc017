using System.Globalization;
using System.Text;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>A word at its place in the text, or an address, host or number made of several words, at the place of the first.</summary>
internal readonly record struct SearchTerm(ReadOnlyMemory<char> Text, int Position, int Words)
{
    public bool IsWhole => Words > 1;
}

/// <summary>
/// Splits folded text into words: letters and digits of any script. Scripts written without spaces become overlapping pairs, so that
/// any two characters of a Japanese sentence are found. The same code splits texts and queries, or they would not meet.
/// </summary>
internal sealed class SearchWords
{
    public const int MaxTermLength = 64;

    private readonly string _text;
    private readonly List<SearchTerm> _terms;
    private readonly List<Range> _joined = [];
    private int _position;

    // Words of four letters and a space, more or less.
    private SearchWords(string text) => (_text, _terms) = (text, new(text.Length / 5 + 4));

    public static List<SearchTerm> Of(string foldedText)
    {
        var words = new SearchWords(foldedText);
        words.Split();
        return words._terms;
    }

    private void Split()
    {
        for (var at = 0; at < _text.Length;)
        {
            var end = EndOfWord(at, out var pairs);
            if (end == at)
            {
                at += RuneAt(at).Utf16SequenceLength;
                continue;
            }

            if (pairs)
                AddPairs(at, end);
            else
                AddWord(at, end);
            at = end;
        }

        AddWholes();
    }

    private void AddWord(int start, int end)
    {
        var continues = _joined.Count > 0 && start == _joined[^1].End.Value + 1 && Compounds.IsJoint(_text[start - 1]);
        if (!continues)
            AddWholes();
        _joined.Add(start..end);
        Add(_text.AsMemory(start, end - start), ++_position);
    }

    private void AddPairs(int start, int end)
    {
        AddWholes();
        var previous = -1;
        var count = 0;
        for (var at = start; at < end; count++)
        {
            var next = EndOfCluster(at, end);
            if (previous >= 0)
                Add(_text.AsMemory(previous, next - previous), ++_position);
            previous = at;
            at = next;
        }

        if (count == 1)
            Add(_text.AsMemory(start, end - start), ++_position);
    }

    private void AddWholes()
    {
        if (_joined.Count > 1)
        {
            var firstPosition = _position - _joined.Count + 1;
            foreach (var (term, first, count) in new Compounds(_text, _joined).Find())
                Add(term.AsMemory(), firstPosition + first, count);
        }

        _joined.Clear();
    }

    private void Add(ReadOnlyMemory<char> term, int position, int words = 1)
    {
        if (term.Length > MaxTermLength)
            term = term[..(char.IsHighSurrogate(term.Span[MaxTermLength - 1]) ? MaxTermLength - 1 : MaxTermLength)];
        _terms.Add(new SearchTerm(term, position, words));
    }

    private int EndOfWord(int start, out bool pairs)
    {
        pairs = false;
        var at = start;
        while (at < _text.Length)
        {
            var rune = RuneAt(at);
            var belongs = at == start
                ? IsLetterOrDigit(rune)
                : IsMark(rune) || (IsLetterOrDigit(rune) && IsWrittenWithoutSpaces(rune.Value) == pairs);
            if (!belongs)
                break;
            if (at == start)
                pairs = IsWrittenWithoutSpaces(rune.Value);
            at += rune.Utf16SequenceLength;
        }

        return at;
    }

    private int EndOfCluster(int start, int end)
    {
        var at = start + RuneAt(start).Utf16SequenceLength;
        while (at < end && RuneAt(at) is var mark && IsMark(mark))
            at += mark.Utf16SequenceLength;
        return at;
    }

    private Rune RuneAt(int at) => Rune.TryGetRuneAt(_text, at, out var rune) ? rune : Rune.ReplacementChar;

    private static bool IsLetterOrDigit(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune);

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    // Thai, Lao, Burmese, Khmer, kana, and the ideographs.
    private static bool IsWrittenWithoutSpaces(int rune) => rune is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3005 and <= 0x3007)
        or (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
