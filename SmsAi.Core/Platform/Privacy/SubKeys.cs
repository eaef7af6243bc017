using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// Derives one key per use from a configured key (HKDF-SHA256, no salt), so that no two uses share a key and no output of one
/// helps against another. The labels are part of the stored data: a changed label loses what was written under the old one.
/// </summary>
internal static class SubKeys
{
    public const string PhoneHash = "smsai phone hash v1";
    public const string ContentHash = "smsai content hash v1";
    public const string SafetyIdentifier = "smsai safety identifier v1";
    public const string EmailHash = "smsai e-mail hash v1";
    public const string KeyWrapping = "smsai key wrapping v1";
    public const string Protection = "smsai protection v1";
    public const string Fingerprint = "smsai master key fingerprint v1";

    public static byte[] Derive(ReadOnlySpan<byte> configuredKey, string label, int length = PrivacyOptions.KeyBytes)
    {
        if (configuredKey.Length != PrivacyOptions.KeyBytes)
            throw new ArgumentException($"A configured key has {PrivacyOptions.KeyBytes} bytes.", nameof(configuredKey));

        var key = new byte[length];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, configuredKey, key, [], Encoding.ASCII.GetBytes(label));
        return key;
    }
}
