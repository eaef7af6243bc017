using System.Security.Cryptography;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>The one way anything is encrypted here: AES-256-GCM as nonce (12 random bytes), tag (16 bytes), data.</summary>
internal static class SealedBox
{
    public const int NonceBytes = 12;
    public const int TagBytes = 16;
    public const int Overhead = NonceBytes + TagBytes;

    private const int NoncesAtOnce = 64;

    [ThreadStatic]
    private static byte[]? _nonces;

    [ThreadStatic]
    private static int _used;

    /// <summary>Writes nonce, tag and cipher of the data into the box, which is <see cref="Overhead"/> bytes longer.</summary>
    public static void Seal(AesGcm aes, ReadOnlySpan<byte> data, ReadOnlySpan<byte> place, Span<byte> box)
    {
        TakeNonce(box[..NonceBytes]);
        aes.Encrypt(box[..NonceBytes], data, box[Overhead..], box.Slice(NonceBytes, TagBytes), place);
    }

    /// <summary>Throws <see cref="AuthenticationTagMismatchException"/> when box, place and key don't belong together.</summary>
    public static void Open(AesGcm aes, ReadOnlySpan<byte> box, ReadOnlySpan<byte> place, Span<byte> data) =>
        aes.Decrypt(box[..NonceBytes], box[Overhead..], box.Slice(NonceBytes, TagBytes), data, place);

    // Asking the system for 12 bytes costs nearly as much as encrypting a text, so each thread draws many nonces at once.
    // A nonce is wiped from the store as it is taken: none can be taken twice.
    private static void TakeNonce(Span<byte> nonce)
    {
        _nonces ??= new byte[NoncesAtOnce * NonceBytes];
        if (_used % NoncesAtOnce == 0)
        {
            RandomNumberGenerator.Fill(_nonces);
            _used = 0;
        }

        var next = _nonces.AsSpan(_used * NonceBytes, NonceBytes);
        next.CopyTo(nonce);
        next.Clear();
        _used++;
    }
}
