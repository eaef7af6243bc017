using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>A key as its holder writes it: <c>smsai_live_</c>, the prefix by which it is known, and 256 random bits, of which only a hash is kept.</summary>
public sealed partial class ApiKeySecret
{
    private const int PrefixDigits = 12;
    private const int SecretDigits = 64;

    private ApiKeySecret(string text, string prefix, byte[] hash) => (Text, Prefix, Hash) = (text, prefix, hash);

    /// <summary>The whole key; shown once, kept nowhere.</summary>
    public string Text { get; }

    public string Prefix { get; }

    public byte[] Hash { get; }

    public static ApiKeySecret New() => Parse(
        $"smsai_live_{RandomNumberGenerator.GetHexString(PrefixDigits, lowercase: true)}_{RandomNumberGenerator.GetHexString(SecretDigits, lowercase: true)}")!;

    /// <summary>Null for what can't be a key of ours.</summary>
    public static ApiKeySecret? Parse(string? text) => text is not null && Key().Match(text) is { Success: true } match
        ? new(text, match.Groups["prefix"].Value, SHA256.HashData(Encoding.ASCII.GetBytes(match.Groups["secret"].Value)))
        : null;

    /// <summary>Compares without telling by its time how much of it was right.</summary>
    public bool Fits(ReadOnlySpan<byte> keptHash) => CryptographicOperations.FixedTimeEquals(Hash, keptHash);

    [GeneratedRegex(@"^smsai_live_(?<prefix>[0-9a-f]{12})_(?<secret>[0-9a-f]{64})\z")]
    private static partial Regex Key();
}
