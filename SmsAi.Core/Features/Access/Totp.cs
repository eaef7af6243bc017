using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Features.Access;

/// <summary>Six digits that change every 30 seconds (RFC 6238 with SHA-1, which is what every authenticator app speaks).</summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int SecretBytes = 20;
    private const int SecondsAStep = 30;
    private const string Base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepAt(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / SecondsAStep;

    /// <summary>The step the code belongs to: this one or the one before, for whoever types slowly; null when the code is wrong.</summary>
    public static long? StepOf(string code, byte[] secret, DateTimeOffset now)
    {
        var typed = Encoding.ASCII.GetBytes(code);
        for (var step = StepAt(now); step >= StepAt(now) - 1; step--)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeAt(secret, step)), typed)) return step;
        }

        return null;
    }

    [SuppressMessage("Security", "CA5350", Justification = "The RFC's own algorithm; its strength here is the HMAC's, not the hash's.")]
    public static string CodeAt(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The secret as apps take it: base 32 without padding.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        var (buffer, bits) = (0, 0);
        foreach (var one in bytes)
        {
            buffer = ((buffer << 8) | one) & 0xFFFF;
            bits += 8;
            for (; bits >= 5; bits -= 5) text.Append(Base32Letters[(buffer >> (bits - 5)) & 31]);
        }

        if (bits > 0) text.Append(Base32Letters[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }

    /// <summary>What the QR code says.</summary>
    public static string Address(byte[] secret, string account) =>
        $"otpauth://totp/SmsAi:{Uri.EscapeDataString(account)}?secret={Base32(secret)}&issuer=SmsAi&digits={Digits}&period={SecondsAStep}";
}
