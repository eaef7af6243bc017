using System.Text;
using System.Text.Unicode;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>
/// A form as it was posted, decoded to bytes but not yet to text: fields in arrival order, repeats kept, so that the signature is
/// checked over what was really sent and text is only made for fields somebody asks for.
/// </summary>
public sealed class RawForm
{
    public const int MaxBodyBytes = 64 * 1024;
    public const int MaxKeys = 100;
    public const int MaxKeyBytes = 256;
    public const int MaxValueBytes = 16 * 1024;

    private readonly byte[] _decoded;
    private readonly Field[] _fields;

    /// <summary>A form without fields, as a GET or a JSON post is verified.</summary>
    public static readonly RawForm Empty = new([], [], 0, null);

    private RawForm(byte[] decoded, Field[] fields, int count, FormFault? fault) =>
        (_decoded, _fields, Count, Fault) = (decoded, fields, count, fault);

    /// <summary>Not null: the form broke a limit and holds no fields.</summary>
    public FormFault? Fault { get; }

    public int Count { get; }

    /// <summary>Some key or value is not UTF-8. Its text has replacement characters.</summary>
    public bool HasBadUtf8 { get; private init; }

    /// <summary>Some key or value holds a NUL. Its text leaves it out, since PostgreSQL's text cannot hold it.</summary>
    public bool HasNul { get; private init; }

    public ReadOnlySpan<byte> Key(int index) => _decoded.AsSpan(_fields[index].KeyStart, _fields[index].KeyLength);

    public ReadOnlySpan<byte> Value(int index) => _decoded.AsSpan(_fields[index].ValueStart, _fields[index].ValueLength);

    public string KeyText(int index) => ToText(Key(index));

    public string ValueText(int index) => ToText(Value(index));

    /// <summary>The first field of that name at or after <paramref name="from"/>, or -1.</summary>
    public int Find(ReadOnlySpan<byte> key, int from = 0)
    {
        for (var index = from; index < Count; index++)
            if (_fields[index].KeyLength == key.Length && Key(index).SequenceEqual(key)) return index;
        return -1;
    }

    /// <summary>The text of the first field of that name, or null.</summary>
    public string? Text(ReadOnlySpan<byte> key)
    {
        var index = Find(key);
        return index < 0 ? null : ValueText(index);
    }

    public static RawForm Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBodyBytes) return Refused(FormFault.BodyTooLarge);
        if (body.IsEmpty) return Empty;

        var decoded = new byte[body.Length];
        var fields = new Field[Math.Min(body.Count((byte)'&') + 1, MaxKeys)];
        var count = 0;
        var used = 0;
        for (var rest = body; !rest.IsEmpty;)
        {
            var end = rest.IndexOf((byte)'&');
            var part = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (part.IsEmpty) continue;
            if (count == MaxKeys) return Refused(FormFault.TooManyKeys);

            var equals = part.IndexOf((byte)'=');
            var key = equals < 0 ? part : part[..equals];
            var value = equals < 0 ? [] : part[(equals + 1)..];
            var keyLength = Decode(key, decoded.AsSpan(used));
            if (keyLength > MaxKeyBytes) return Refused(FormFault.KeyTooLong);
            var valueLength = Decode(value, decoded.AsSpan(used + keyLength));
            if (valueLength > MaxValueBytes) return Refused(FormFault.ValueTooLong);
            fields[count++] = new Field(used, (ushort)keyLength, used + keyLength, (ushort)valueLength);
            used += keyLength + valueLength;
        }

        var all = decoded.AsSpan(0, used);
        return new RawForm(decoded, fields, count, null)
        {
            HasNul = all.Contains((byte)0),
            HasBadUtf8 = !Ascii.IsValid(all) && AnyBadUtf8(decoded, fields.AsSpan(0, count)),
        };
    }

    /// <summary>The body of a form with these fields, for those who post one: the Phone page, the sandbox, the self-test.</summary>
    public static byte[] Encode(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = new StringBuilder(512);
        foreach (var (key, value) in fields)
        {
            if (text.Length > 0) text.Append('&');
            text.Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static RawForm Refused(FormFault fault) => new([], [], 0, fault);

    /// <summary>Percent and plus decoding; what only looks like an escape ("100%") stays as it is, as browsers do.</summary>
    private static int Decode(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var written = 0;
        while (true)
        {
            var special = source.IndexOfAny((byte)'%', (byte)'+');
            if (special < 0)
            {
                source.CopyTo(target[written..]);
                return written + source.Length;
            }

            source[..special].CopyTo(target[written..]);
            written += special;
            var taken = 1;
            if (source[special] == '+') target[written++] = (byte)' ';
            else if (source.Length > special + 2 && Hex(source[special + 1]) is var high and >= 0
                && Hex(source[special + 2]) is var low and >= 0)
            {
                target[written++] = (byte)((high << 4) | low);
                taken = 3;
            }
            else target[written++] = (byte)'%';

            source = source[(special + taken)..];
        }
    }

    private static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        _ => -1,
    };

    private static bool AnyBadUtf8(byte[] decoded, ReadOnlySpan<Field> fields)
    {
        foreach (var field in fields)
            if (!Utf8.IsValid(decoded.AsSpan(field.KeyStart, field.KeyLength))
                || !Utf8.IsValid(decoded.AsSpan(field.ValueStart, field.ValueLength))) return true;
        return false;
    }

    private static string ToText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        var text = Encoding.UTF8.GetString(bytes);
        return bytes.Contains((byte)0) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
    }

    private readonly record struct Field(int KeyStart, ushort KeyLength, int ValueStart, ushort ValueLength);
}
