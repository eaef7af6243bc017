using System.Collections.Frozen;
using System.Text;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>Typographic signs and what stands for them in a text message: same meaning, of GSM's alphabet. Letters with accents stay.</summary>
internal static class PlainLetters
{
    private static readonly (string Signs, string Plain)[] Table =
    [
        ("‘’‚‛′‵`´ʹʻʼˈ❛❜", "'"),
        ("“”„‟″«»〝〞❝❞", "\""),
        ("‹", "<"),
        ("›", ">"),
        ("‐‑‒–—―−⁃﹘﹣", "-"),
        ("•‣◦·∙●▪", "-"),
        ("…", "..."),
        ("‥", ".."),
        ("\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
        ("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0e\ufe0f", ""),
        ("©", "(c)"), ("®", "(R)"), ("™", "(TM)"), ("№", "No."),
        ("×✕✖", "x"), ("÷∕⁄", "/"), ("±", "+/-"), ("≤", "<="), ("≥", ">="), ("≠", "!="), ("≈∼", "~"),
        ("→", "->"), ("←", "<-"), ("↔", "<->"), ("⇒", "=>"),
        ("½", "1/2"), ("⅓", "1/3"), ("⅔", "2/3"), ("¼", "1/4"), ("¾", "3/4"), ("⅛", "1/8"),
        ("¹", "1"), ("²", "2"), ("³", "3"), ("°", " deg"), ("µμ", "u"), ("‰", "/1000"),
        ("ﬀ", "ff"), ("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬃ", "ffi"), ("ﬄ", "ffl"), ("ĳ", "ij"), ("Ĳ", "IJ"), ("œ", "oe"), ("Œ", "OE"),
        ("¦", "|"), ("‖", "||"), ("‼", "!!"), ("⁇", "??"), ("⁈", "?!"), ("⁉", "!?"), ("ẞ", "ß"), ("∆", "Δ"), ("¢", "c"),
    ];

    private static readonly FrozenDictionary<char, string> Plain = Table
        .SelectMany(row => row.Signs.Select(sign => (sign, row.Plain)))
        .Concat(FullWidth())
        .ToFrozenDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>The text with every sign replaced that has a plain form.</summary>
    internal static string Replace(string text)
    {
        var plain = new StringBuilder(text.Length + 8);
        foreach (var letter in text.Replace("°C", " C", StringComparison.Ordinal).Replace("°F", " F", StringComparison.Ordinal))
        {
            if (Plain.TryGetValue(letter, out var replacement)) plain.Append(replacement);
            else plain.Append(letter);
        }

        return plain.ToString();
    }

    /// <summary>The wide forms of ASCII that East Asian keyboards make.</summary>
    private static IEnumerable<(char Sign, string Plain)> FullWidth() =>
        Enumerable.Range(0x21, 0x5e).Select(code => ((char)(code + 0xfee0), ((char)code).ToString()));
}
