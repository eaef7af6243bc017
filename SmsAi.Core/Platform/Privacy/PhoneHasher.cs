using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Keyed hashes that find a person or an equal text without storing either; each use has a key of its own.</summary>
public sealed class PhoneHasher
{
    /// <summary>Goes into <c>users.phone_hash_version</c>.</summary>
    public const short Version = 1;

    private readonly byte[] _phoneKey;
    private readonly byte[] _contentKey;
    private readonly byte[] _safetyKey;
    private readonly byte[] _emailKey;

    public PhoneHasher(ReadOnlySpan<byte> phoneHashKey)
    {
        _phoneKey = SubKeys.Derive(phoneHashKey, SubKeys.PhoneHash);
        _contentKey = SubKeys.Derive(phoneHashKey, SubKeys.ContentHash);
        _safetyKey = SubKeys.Derive(phoneHashKey, SubKeys.SafetyIdentifier);
        _emailKey = SubKeys.Derive(phoneHashKey, SubKeys.EmailHash);
    }

    /// <summary>32 bytes that find a sender, given in canonical form (E.164, or the channel's own address).</summary>
    public byte[] Hash(string canonicalSender) => HashText(_phoneKey, canonicalSender);

    /// <summary>32 bytes that are equal for equal texts; personal, since short texts are guessable by whoever holds the key.</summary>
    public byte[] HashContent(string normalisedText) => HashText(_contentKey, normalisedText);

    /// <summary>32 bytes that are equal for an e-mail in whatever case it is typed, as accounts are found.</summary>
    public byte[] HashEmail(string email) => HashText(_emailKey, email.Normalize().ToUpperInvariant());

    /// <summary>64 hex digits by which a model's provider may tell our people apart; says nothing to anyone else.</summary>
    public string SafetyIdentifier(long userId)
    {
        Span<byte> digits = stackalloc byte[20];
        userId.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_safetyKey, digits[..length], hash);
        return Convert.ToHexStringLower(hash);
    }

    private static byte[] HashText(byte[] key, string text)
    {
        const int OnStack = 512;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = most > OnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        var buffer = rented ?? stackalloc byte[OnStack];
        try
        {
            var length = Encoding.UTF8.GetBytes(text, buffer);
            return HMACSHA256.HashData(key, buffer[..length]);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
