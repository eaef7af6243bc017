using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace SmsAi.Tests.Features.Access;

/// <summary>An authenticator app, written from the RFC on its own: takes the secret as text and says the code of a moment.</summary>
internal sealed class Authenticator(string secret)
{
    private readonly byte[] _key = Decode(secret);

    [SuppressMessage("Security", "CA5350", Justification = "The RFC's own algorithm.")]
    public string CodeAt(DateTimeOffset moment)
    {
        var counter = BitConverter.GetBytes((ulong)moment.ToUnixTimeSeconds() / 30);
        Array.Reverse(counter);
        var hash = new HMACSHA1(_key).ComputeHash(counter);
        var at = hash[19] % 16;
        var number = ((hash[at] % 128 * 256 + hash[at + 1]) * 256 + hash[at + 2]) * 256L + hash[at + 3];
        return (number % 1000000).ToString("000000", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string text)
    {
        var bits = string.Concat(text.Select(letter => Convert.ToString(letter >= 'A' ? letter - 'A' : letter - '2' + 26, 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(index => Convert.ToByte(bits.Substring(index * 8, 8), 2))];
    }
}
