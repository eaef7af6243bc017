namespace SmsAi.Web.Platform.Ui;

/// <summary>Turns a count of characters into block widths that look like words, without looking at the text.</summary>
internal static class WordBlocks
{
    private const int PixelsPerCharacter = 6;
    private const int MostBlocks = 6;

    /// <summary>More than six words and their blanks ever take.</summary>
    private const int MostCharacters = 64;

    private static readonly int[] WordLengths = [5, 3, 8, 4, 7, 2, 9, 6];

    /// <summary>What the blocks depend on: texts of the same shape share their drawing.</summary>
    internal static (int Characters, int Beginning) Shape(int characters, long seed) =>
        (Math.Min(characters, MostCharacters), (int)(((ulong)seed * 2654435761UL) % (ulong)WordLengths.Length));

    internal static IReadOnlyList<int> For((int Characters, int Beginning) shape)
    {
        var widths = new List<int>(MostBlocks);
        var position = shape.Beginning;
        for (var left = shape.Characters; left > 0 && widths.Count < MostBlocks; position++)
        {
            var length = Math.Min(WordLengths[position % WordLengths.Length], left);
            widths.Add(Math.Max(length, 2) * PixelsPerCharacter);
            left -= length + 1;
        }

        return widths;
    }
}
