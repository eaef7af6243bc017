using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Features.Access;

/// <summary>Codes for the day the phone is lost: 120 random bits each, so that a plain hash is enough to keep of them; used once.</summary>
internal static class RecoveryCodes
{
    public const int Many = 10;
    private const int Bytes = 15;
    private const int Groups = 6;
    private const int Letters = 4;

    public static IReadOnlyList<string> Make() => [.. Enumerable.Range(0, Many).Select(_ => One())];

    /// <summary>Dashes, blanks and case don't matter.</summary>
    public static byte[] Hash(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(Plain(code)));

    private static string One()
    {
        var letters = Totp.Base32(RandomNumberGenerator.GetBytes(Bytes)).ToLowerInvariant();
        return string.Join('-', Enumerable.Range(0, Groups).Select(group => letters.Substring(group * Letters, Letters)));
    }

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
