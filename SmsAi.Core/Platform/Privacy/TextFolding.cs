using System.Globalization;
using System.Text;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// Makes texts comparable for search: lower case, without diacritics and invisible characters, one form for each letter and digit.
/// It accepts any string, also broken Unicode. Changing it makes older texts harder to find, since their terms stay as they were.
/// </summary>
internal static class TextFolding
{
    /// <summary>Longer texts are searched by their beginning; a long SMS has 1,600 characters.</summary>
    public const int MaxLength = 10_000;

    public static string Fold(string text)
    {
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();

        var folded = new StringBuilder(text.Length);
        foreach (var rune in Visible(text).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (!IsDiacritic(rune.Value))
                Append(folded, rune);
        }

        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    // What normalisation refuses or can be made slow by goes first: lone surrogates, noncharacters, towers of combining marks.
    private static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsNoncharacter(rune.Value) || rune == Rune.ReplacementChar)
                visible.Append(' ');
            else if (!IsInvisible(rune) && !IsDiacritic(rune.Value))
                visible.Append(rune);
        }

        return visible.ToString();
    }

    private static void Append(StringBuilder folded, Rune rune)
    {
        if (rune.IsAscii)
            folded.Append(char.ToLowerInvariant((char)rune.Value));
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            folded.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
        else
            AppendLetter(folded, Rune.ToLowerInvariant(rune));
    }

    // Letters that look like a letter with a mark but don't decompose, and those with two forms.
    private static void AppendLetter(StringBuilder folded, Rune rune) => _ = rune.Value switch
    {
        'ß' => folded.Append("ss"),
        'æ' => folded.Append("ae"),
        'œ' => folded.Append("oe"),
        'þ' => folded.Append("th"),
        'ø' => folded.Append('o'),
        'ð' or 'đ' => folded.Append('d'),
        'ł' => folded.Append('l'),
        'ħ' => folded.Append('h'),
        'ı' => folded.Append('i'),
        'ς' => folded.Append('σ'),
        _ => folded.Append(rune),
    };

    // Marks that writers leave out or add at will. Not among them: marks that make another letter, such as Indic vowels or kana's voicing.
    private static bool IsDiacritic(int rune) => rune is
        (>= 0x0300 and <= 0x036F) or (>= 0x0483 and <= 0x0489) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF)
        or (>= 0xFE20 and <= 0xFE2F)
        or (>= 0x0591 and <= 0x05BD) or 0x05BF or 0x05C1 or 0x05C2 or 0x05C4 or 0x05C5 or 0x05C7
        or 0x0640 or (>= 0x0610 and <= 0x061A) or (>= 0x064B and <= 0x065F) or 0x0670 or (>= 0x06D6 and <= 0x06ED);

    // Format characters (joiners, direction marks, soft hyphens, tags), variation selectors, and the fillers that count as letters.
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0x115F or 0x1160 or 0x3164 or 0xFFA0;

    private static bool IsNoncharacter(int rune) => (rune & 0xFFFE) == 0xFFFE || rune is >= 0xFDD0 and <= 0xFDEF;
}
