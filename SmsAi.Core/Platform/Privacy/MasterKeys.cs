using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// The configured master keys: the current one wraps, every one unwraps. What is wrapped carries the fingerprint of its master key
/// (format byte, 8 bytes fingerprint, nonce, tag, data).
/// </summary>
public sealed class MasterKeys
{
    private const byte Format = 1;
    private const int Head = 1 + MasterKey.FingerprintBytes + SealedBox.Overhead;

    private readonly MasterKey _current;
    private readonly MasterKey[] _all;

    public MasterKeys(ReadOnlySpan<byte> current, params IEnumerable<byte[]> previous)
    {
        _current = new MasterKey(current);
        _all = [_current, .. previous.Select(key => new MasterKey(key))];
    }

    /// <summary>The fingerprint of the key that wraps; goes into the columns <c>master_id</c>, where rotation looks for old ones.</summary>
    public string CurrentId => _current.Id;

    /// <summary>A person's key as it may be stored, bound to the key's id.</summary>
    public byte[] Wrap(PersonKey key) => Seal(_current.WrappingKey, key.Material, Address(key.Id));

    /// <summary>Throws <see cref="UnknownMasterKeyException"/> or <see cref="CipherRefusedException"/>.</summary>
    public PersonKey Unwrap(Guid keyId, ReadOnlySpan<byte> wrapped)
    {
        const string Place = "user_keys.wrapped";
        var master = Find(wrapped, Place);
        var key = Open(master.WrappingKey, wrapped, Address(keyId), Place);
        return key.Length == PrivacyOptions.KeyBytes ? PersonKey.From(keyId, key) : throw new CipherRefusedException(Place);
    }

    /// <summary>Any other secret of ours as it may be stored, bound to its place, such as "sandbox_messages.data|SM…".</summary>
    public byte[] Protect(byte[] data, string place) => Seal(_current.ProtectionKey, data, Encoding.UTF8.GetBytes(place));

    /// <summary>Throws <see cref="UnknownMasterKeyException"/> or <see cref="CipherRefusedException"/>.</summary>
    public byte[] Unprotect(ReadOnlySpan<byte> data, string place) =>
        Open(Find(data, place).ProtectionKey, data, Encoding.UTF8.GetBytes(place), place);

    private byte[] Seal(byte[] key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> address)
    {
        var wrapped = new byte[Head + data.Length];
        wrapped[0] = Format;
        _current.Fingerprint.CopyTo(wrapped.AsSpan(1));
        using var aes = new AesGcm(key, SealedBox.TagBytes);
        SealedBox.Seal(aes, data, address, wrapped.AsSpan(1 + MasterKey.FingerprintBytes));
        return wrapped;
    }

    private static byte[] Open(byte[] key, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> address, string place)
    {
        var data = new byte[wrapped.Length - Head];
        using var aes = new AesGcm(key, SealedBox.TagBytes);
        try
        {
            SealedBox.Open(aes, wrapped[(1 + MasterKey.FingerprintBytes)..], address, data);
            return data;
        }
        catch (AuthenticationTagMismatchException refusal)
        {
            throw new CipherRefusedException(place, refusal);
        }
    }

    private MasterKey Find(ReadOnlySpan<byte> wrapped, string place)
    {
        if (wrapped.Length < Head || wrapped[0] != Format)
            throw new CipherRefusedException(place);

        var fingerprint = wrapped.Slice(1, MasterKey.FingerprintBytes);
        foreach (var key in _all)
        {
            if (fingerprint.SequenceEqual(key.Fingerprint))
                return key;
        }

        throw new UnknownMasterKeyException(Convert.ToHexStringLower(fingerprint), _all.Select(key => key.Id));
    }

    private static byte[] Address(Guid keyId) => keyId.ToByteArray(bigEndian: true);
}

/// <summary>One master key with the keys derived from it and the fingerprint it is recognised by.</summary>
internal sealed class MasterKey(ReadOnlySpan<byte> key)
{
    public const int FingerprintBytes = 8;

    public byte[] WrappingKey { get; } = SubKeys.Derive(key, SubKeys.KeyWrapping);

    public byte[] ProtectionKey { get; } = SubKeys.Derive(key, SubKeys.Protection);

    public byte[] Fingerprint { get; } = SubKeys.Derive(key, SubKeys.Fingerprint, FingerprintBytes);

    public string Id => Convert.ToHexStringLower(Fingerprint);
}
