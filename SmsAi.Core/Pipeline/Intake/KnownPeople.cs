using System.Buffers.Binary;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>
/// The people this replica met lately, so that a known person's text needs one round trip. Never trusted alone: the statement takes a text
/// only under a key that still stands in user_keys, so an erased person is forgotten here at her next text.
/// </summary>
public sealed class KnownPeople
{
    private readonly TwoGenerationCache<PhoneHashKey, KnownPerson> _people = new(generation: 20_000);

    public KnownPerson? Find(byte[] phoneHash, DateOnly month) =>
        _people.TryGet(new PhoneHashKey(phoneHash), out var known) && known.Month == month ? known : null;

    public void Learn(byte[] phoneHash, KnownPerson person) => _people.Put(new PhoneHashKey(phoneHash), person);

    public void Forget(byte[] phoneHash) => _people.Remove(new PhoneHashKey(phoneHash));
}

/// <summary>A person's id and her key of the month.</summary>
public sealed record KnownPerson(long UserId, DateOnly Month, PersonKey Key);

/// <summary>The 32 bytes of a phone hash as a dictionary key.</summary>
internal readonly record struct PhoneHashKey(long A, long B, long C, long D)
{
    public PhoneHashKey(ReadOnlySpan<byte> hash)
        : this(
            BinaryPrimitives.ReadInt64LittleEndian(hash), BinaryPrimitives.ReadInt64LittleEndian(hash[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(hash[16..]), BinaryPrimitives.ReadInt64LittleEndian(hash[24..]))
    {
    }
}
