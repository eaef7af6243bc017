using System.Buffers;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>The letters of GSM 03.38: those of one septet, and those of two (an escape and a letter).</summary>
internal static class GsmAlphabet
{
    private const string Extension = "^{}\\[~]|€\f";

    private static readonly SearchValues<char> OneSeptet = SearchValues.Create(
        "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
        + "£¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüà¡¤ΔΦΓΛΩΠΨΣΘΞ");

    private static readonly SearchValues<char> TwoSeptets = SearchValues.Create(Extension);

    /// <summary>1 or 2 septets, or 0 when GSM has no such letter.</summary>
    internal static int Septets(char letter) => OneSeptet.Contains(letter) ? 1 : TwoSeptets.Contains(letter) ? 2 : 0;

    internal static bool HasOnlyOneSeptetLetters(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(OneSeptet);
}
