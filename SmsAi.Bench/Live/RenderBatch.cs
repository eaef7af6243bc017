using System.Buffers.Binary;

namespace SmsAi.Bench.Live;

/// <summary>The texts in a render batch of Blazor Server, whose table of strings stands at its end.</summary>
internal static class RenderBatch
{
    // Where the five parts begin: the last is the table of strings.
    private const int Parts = 5 * sizeof(int);

    /// <summary>The greatest whole number from <paramref name="least"/> on that stands alone in a text, written with thousands commas; null without one.</summary>
    public static long? GreatestNumber(ReadOnlySpan<byte> batch, long least)
    {
        var end = batch.Length - Parts;
        if (end < 0)
            return null;
        var table = batch[BinaryPrimitives.ReadInt32LittleEndian(batch[^sizeof(int)..])..end];
        long? greatest = null;
        for (; table.Length >= sizeof(int); table = table[sizeof(int)..])
        {
            var number = Number(Text(batch[BinaryPrimitives.ReadInt32LittleEndian(table)..]));
            if (number >= least && !(number <= greatest))
                greatest = number;
        }

        return greatest;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> at)
    {
        var (length, used) = (0, 0);
        while (true)
        {
            var part = at[used];
            length |= (part & 0x7f) << (7 * used++);
            if ((part & 0x80) == 0)
                return at.Slice(used, length);
        }
    }

    private static long? Number(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 19)
            return null;
        long number = 0;
        foreach (var letter in text)
        {
            if (letter is >= (byte)'0' and <= (byte)'9')
                number = number * 10 + letter - '0';
            else if (letter != ',')
                return null;
        }

        return number;
    }
}
