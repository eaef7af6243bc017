using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SmsAi.Bench.Live;

/// <summary>Writes the little of MessagePack that a circuit's client says.</summary>
internal sealed class PackWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public PackWriter Array(int count) => Byte((byte)(0x90 | count));

    public PackWriter EmptyMap() => Byte(0x80);

    public PackWriter Nil() => Byte(0xc0);

    public PackWriter Add(bool value) => Byte(value ? (byte)0xc3 : (byte)0xc2);

    public PackWriter Add(long value)
    {
        if (value is >= 0 and < 128)
            return Byte((byte)value);
        Byte(0xd3);
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public PackWriter Add(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Byte(0xdb);
        BinaryPrimitives.WriteInt32BigEndian(_bytes.GetSpan(4), length);
        _bytes.Advance(4);
        _bytes.Advance(Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length)));
        return this;
    }

    /// <summary>The message with its length before it, as SignalR frames binary messages.</summary>
    public byte[] ToFrame()
    {
        var frame = new List<byte>(_bytes.WrittenCount + 5);
        var length = (uint)_bytes.WrittenCount;
        for (; length > 0x7f; length >>= 7)
            frame.Add((byte)(length | 0x80));
        frame.Add((byte)length);
        frame.AddRange(_bytes.WrittenSpan);
        return [.. frame];
    }

    private PackWriter Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }
}
