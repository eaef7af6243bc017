using System.Buffers.Binary;
using System.Text;

namespace SmsAi.Bench.Live;

/// <summary>Reads MessagePack value by value; what nobody asks for is skipped.</summary>
internal ref struct PackReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>The next message of a binary frame, which begins with its length; false when there is none.</summary>
    public static bool TryTakeMessage(ref ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> message)
    {
        message = default;
        var (length, used) = (0, 0);
        while (used < frame.Length)
        {
            var part = frame[used];
            length |= (part & 0x7f) << (7 * used++);
            if ((part & 0x80) != 0)
                continue;
            message = frame.Slice(used, length);
            frame = frame[(used + length)..];
            return true;
        }

        return false;
    }

    public int ReadArray() => Take() switch
    {
        var fix when (fix & 0xf0) == 0x90 => fix & 0x0f,
        0xdc => Number(2),
        0xdd => Number(4),
        var other => throw Unexpected(other),
    };

    public long ReadLong() => Take() switch
    {
        var fix when fix < 0x80 => fix,
        var fix when fix >= 0xe0 => (sbyte)fix,
        0xcc => Take(1)[0],
        0xcd => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        0xce => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
        0xcf or 0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
        0xd0 => (sbyte)Take(1)[0],
        0xd1 => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
        0xd2 => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
        var other => throw Unexpected(other),
    };

    /// <summary>Null for nil.</summary>
    public string? ReadString() => Take() switch
    {
        0xc0 => null,
        var fix when (fix & 0xe0) == 0xa0 => Encoding.UTF8.GetString(Take(fix & 0x1f)),
        0xd9 => Encoding.UTF8.GetString(Take(Number(1))),
        0xda => Encoding.UTF8.GetString(Take(Number(2))),
        0xdb => Encoding.UTF8.GetString(Take(Number(4))),
        var other => throw Unexpected(other),
    };

    public ReadOnlySpan<byte> ReadBytes() => Take() switch
    {
        0xc4 => Take(Number(1)),
        0xc5 => Take(Number(2)),
        0xc6 => Take(Number(4)),
        var other => throw Unexpected(other),
    };

    public void Skip()
    {
        var kind = Take();
        switch (kind)
        {
            case < 0x80 or >= 0xe0 or 0xc0 or 0xc2 or 0xc3:
                break;
            case < 0x90:
                SkipMany((kind & 0x0f) * 2);
                break;
            case < 0xa0:
                SkipMany(kind & 0x0f);
                break;
            case < 0xc0:
                Take(kind & 0x1f);
                break;
            case 0xc4 or 0xd9:
                Take(Number(1));
                break;
            case 0xc5 or 0xda:
                Take(Number(2));
                break;
            case 0xc6 or 0xdb:
                Take(Number(4));
                break;
            case 0xcc or 0xd0:
                Take(1);
                break;
            case 0xcd or 0xd1:
                Take(2);
                break;
            case 0xca or 0xce or 0xd2:
                Take(4);
                break;
            case 0xcb or 0xcf or 0xd3:
                Take(8);
                break;
            case 0xdc:
                SkipMany(Number(2));
                break;
            case 0xdd:
                SkipMany(Number(4));
                break;
            case 0xde:
                SkipMany(Number(2) * 2);
                break;
            case 0xdf:
                SkipMany(Number(4) * 2);
                break;
            default:
                throw Unexpected(kind);
        }
    }

    private void SkipMany(int count)
    {
        for (; count > 0; count--)
            Skip();
    }

    private int Number(int length) => length switch
    {
        1 => Take(1)[0],
        2 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        _ => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
    };

    private byte Take() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    private static InvalidDataException Unexpected(byte kind) => new($"The circuit sent a value of kind 0x{kind:x2} where another was expected.");
}
