namespace SmsAi.Core.Features.Access;

/// <summary>The words that passwords are usually made of, longest first, kept beside this file; no service is asked.</summary>
internal static class CommonWords
{
    private static readonly Lazy<string[]> Words = new(Read);

    internal static IReadOnlyList<string> All => Words.Value;

    private static string[] Read()
    {
        using var stream = typeof(CommonWords).Assembly.GetManifestResourceStream("Access/common-words.txt")
            ?? throw new InvalidOperationException("The list of common words is not embedded.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).OrderByDescending(word => word.Length)];
    }
}
