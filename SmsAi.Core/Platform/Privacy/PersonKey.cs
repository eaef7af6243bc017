using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// One person's key: her profile key, or the key of her texts of one month. A cipher opens only under the key, place and row it was
/// made for, so that none can be moved to another row or column.
/// </summary>
public sealed class PersonKey
{
    private const byte Format = 1;
    private const int Head = 1 + SealedBox.Overhead;
    private const int OnStack = 512;

    // Thousands of keys are remembered, and an idle cipher holds a kilobyte outside the collected heap: only the keys that got theirs last keep it.
    // Weak, so that the key of a person who was erased is not held by this.
    private static readonly WeakReference<PersonKey?>[] WithIdle = [.. Enumerable.Range(0, 1024).Select(_ => new WeakReference<PersonKey?>(null))];
    private static uint _made;

    private readonly byte[] _key;

    // AesGcm is not thread-safe, and making one costs twice as much as using it: whoever comes first borrows this one.
    private AesGcm? _idle;

    private PersonKey(Guid id, byte[] key) => (Id, _key) = (id, key);

    public Guid Id { get; }

    internal ReadOnlySpan<byte> Material => _key;

    public static PersonKey Create() => new(Guid.CreateVersion7(), RandomNumberGenerator.GetBytes(PrivacyOptions.KeyBytes));

    internal static PersonKey From(Guid id, byte[] key) => new(id, key);

    /// <summary>A cipher (format byte, nonce, tag, data) bound to the place, such as "messages.body", and to the row's id.</summary>
    /// <param name="room">Bytes to leave before it, for the caller to write.</param>
    public byte[] Encrypt(ReadOnlySpan<char> text, string place, long row, int room = 0)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> plain = (rented ?? stackalloc byte[OnStack])[..length];
        Span<byte> address = stackalloc byte[OnStack];
        var cipher = GC.AllocateUninitializedArray<byte>(room + Head + length);
        cipher[room] = Format;
        Encoding.UTF8.GetBytes(text, plain);
        var aes = Borrow();
        try
        {
            SealedBox.Seal(aes, plain, Address(address, place, row), cipher.AsSpan(room + 1));
            return cipher;
        }
        finally
        {
            KeepIdle(aes);
            Wipe(plain, rented);
        }
    }

    /// <summary>The text again, or <see cref="CipherRefusedException"/> when cipher, key, place and row don't belong together.</summary>
    public string Decrypt(ReadOnlySpan<byte> cipher, string place, long row)
    {
        if (cipher.Length < Head || cipher[0] != Format)
            throw new CipherRefusedException(place);

        var length = cipher.Length - Head;
        var rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> plain = (rented ?? stackalloc byte[OnStack])[..length];
        Span<byte> address = stackalloc byte[OnStack];
        var aes = Borrow();
        try
        {
            SealedBox.Open(aes, cipher[1..], Address(address, place, row), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException refusal)
        {
            throw new CipherRefusedException(place, refusal);
        }
        finally
        {
            KeepIdle(aes);
            Wipe(plain, rented);
        }
    }

    private ReadOnlySpan<byte> Address(Span<byte> buffer, string place, long row) =>
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{place}|{row}|{Id:N}", out var length)
            ? buffer[..length]
            : throw new ArgumentException("A place is a short name such as messages.body.", nameof(place));

    private AesGcm Borrow() => Interlocked.Exchange(ref _idle, null) ?? Make();

    private AesGcm Make()
    {
        var place = WithIdle[Interlocked.Increment(ref _made) % WithIdle.Length];
        if (place.TryGetTarget(out var earliest))
            earliest.KeepIdle(null);
        place.SetTarget(this);
        return new AesGcm(_key, SealedBox.TagBytes);
    }

    private void KeepIdle(AesGcm? aes) => Interlocked.Exchange(ref _idle, aes)?.Dispose();

    private static void Wipe(Span<byte> plain, byte[]? rented)
    {
        plain.Clear();
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
