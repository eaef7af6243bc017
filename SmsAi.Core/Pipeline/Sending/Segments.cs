using System.Globalization;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>How a text travels: in 7-bit letters, or in 16-bit units once a single letter is not of GSM's alphabet.</summary>
public enum SmsEncoding
{
    Gsm7,
    Ucs2,
}

/// <summary>
/// What a text costs: its encoding, the parts it is billed as, the units used (septets or UTF-16 units), and the letters that forced
/// 16 bits, each once.
/// </summary>
public sealed record SegmentCount(SmsEncoding Encoding, int Segments, int Units, IReadOnlyList<string> Forcing)
{
    /// <summary>How many units fit before one more part is needed, if only letters of one unit follow.</summary>
    public int UnitsLeft { get; init; }
}

/// <summary>Counts a text's parts as carriers do: 160 or 70 units alone, 153 or 67 in each part of several; no letter is ever split.</summary>
public static class Segments
{
    internal const int Gsm7Alone = 160;
    internal const int Gsm7Part = 153;
    internal const int Ucs2Alone = 70;
    internal const int Ucs2Part = 67;

    private static readonly SegmentCount Nothing = new(SmsEncoding.Gsm7, 0, 0, []) { UnitsLeft = Gsm7Alone };

    public static SegmentCount Count(string text)
    {
        if (text.Length == 0) return Nothing;
        return Septets(text) is var septets and >= 0 ? CountGsm7(text, septets) : CountUcs2(text);
    }

    /// <summary>The number of parts alone, without making anything.</summary>
    internal static int PartsOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return 0;
        if (Septets(text) is var septets and >= 0) return septets <= Gsm7Alone ? 1 : Gsm7Parts(text).Parts;
        return text.Length <= Ucs2Alone ? 1 : Ucs2Parts(text).Parts;
    }

    /// <summary>
    /// The length of the letter as a reader sees it, with its accents and joiners, which no boundary may cut. A line end of two
    /// characters counts as two.
    /// </summary>
    internal static int LetterLength(ReadOnlySpan<char> text) =>
        text[0] == '\r' ? 1 : StringInfo.GetNextTextElementLength(text);

    private static SegmentCount CountGsm7(string text, int septets)
    {
        var (parts, used) = septets <= Gsm7Alone ? (1, septets) : Gsm7Parts(text);
        return new SegmentCount(SmsEncoding.Gsm7, parts, septets, [])
        {
            UnitsLeft = (parts == 1 ? Gsm7Alone : Gsm7Part) - used,
        };
    }

    private static SegmentCount CountUcs2(string text)
    {
        var (parts, used) = text.Length <= Ucs2Alone ? (1, text.Length) : Ucs2Parts(text);
        return new SegmentCount(SmsEncoding.Ucs2, parts, text.Length, Forcing(text))
        {
            UnitsLeft = (parts == 1 ? Ucs2Alone : Ucs2Part) - used,
        };
    }

    private static int Septets(ReadOnlySpan<char> text)
    {
        if (GsmAlphabet.HasOnlyOneSeptetLetters(text)) return text.Length;
        var septets = 0;
        foreach (var letter in text)
        {
            if (GsmAlphabet.Septets(letter) is not (var size and > 0)) return -1;
            septets += size;
        }

        return septets;
    }

    private static (int Parts, int UsedInLast) Gsm7Parts(ReadOnlySpan<char> text)
    {
        var (parts, used) = (1, 0);
        foreach (var letter in text)
        {
            var size = GsmAlphabet.Septets(letter);
            if (used + size > Gsm7Part) (parts, used) = (parts + 1, 0);
            used += size;
        }

        return (parts, used);
    }

    private static (int Parts, int UsedInLast) Ucs2Parts(ReadOnlySpan<char> text)
    {
        var (parts, used) = (1, 0);
        while (!text.IsEmpty)
        {
            var size = LetterLength(text);
            text = text[size..];
            if (used + size > Ucs2Part && used > 0) (parts, used) = (parts + 1, 0);

            // A heap of accents longer than a part has to be cut somewhere.
            for (; size > Ucs2Part; size -= Ucs2Part) parts++;
            used += size;
        }

        return (parts, used);
    }

    private static List<string> Forcing(string text)
    {
        var forcing = new List<string>();
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var size = LetterLength(rest);
            if (size > 1 || GsmAlphabet.Septets(rest[0]) == 0)
            {
                var letter = rest[..size].ToString();
                if (!forcing.Contains(letter)) forcing.Add(letter);
            }

            rest = rest[size..];
        }

        return forcing;
    }
}
