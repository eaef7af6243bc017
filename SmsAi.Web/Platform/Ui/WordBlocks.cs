namespace SmsAi.Web.Platform.Ui;

/// <summary>Turns a count of characters into block widths that look like words, without looking at the text.</summary>
internal static class WordBlocks
{
    private const int PixelsPerCharacter = 6;
    private const int MostBlocks = 6;
    private static readonly int[] WordLengths = [5, 3, 8, 4, 7, 2, 9, 6];

    internal static IReadOnlyList<int> For(int characters, long seed)
    {
        var widths = new List<int>(MostBlocks);
        var position = (int)(((ulong)seed * 2654435761UL) % (ulong)WordLengths.Length);
        for (var left = characters; left > 0 && widths.Count < MostBlocks; position++)
        {
            var length = Math.Min(WordLengths[position % WordLengths.Length], left);
            widths.Add(Math.Max(length, 2) * PixelsPerCharacter);
            left -= length + 1;
        }

        return widths;
    }
}
