using System.Buffers;
using System.Globalization;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// Full-text search over encrypted texts: their words, blinded under the key of their month, as PostgreSQL's own types. What a
/// holder of the table learns from it is written in docs/decisions/0004-blinded-search.md.
/// </summary>
public static class SearchTerms
{
    /// <summary>Different terms kept of one text.</summary>
    public const int MaxTerms = 200;

    // PostgreSQL's own limits of a tsvector.
    private const int MaxPositions = 255;
    private const int MaxPosition = 16_383;

    // A term in quotes, a colon, five digits and what stands between.
    private const int LongestPlace = TermBlinder.Length + 9;

    /// <summary>The text's terms with their positions, to be cast by <c>::tsvector</c>; empty for a text without words.</summary>
    public static string ToVector(string text, SearchKey key)
    {
        using var blinder = new TermBlinder(key);
        return ToVector(text, blinder);
    }

    /// <summary>The same for one of many texts of the blinder's month.</summary>
    internal static string ToVector(string text, TermBlinder blinder)
    {
        var terms = SearchWords.Of(TextFolding.Fold(text));
        // Each term's places as a chain through the list, from its first to its last: most words of a text stand there once.
        var next = ArrayPool<int>.Shared.Rent(terms.Count);
        var vector = ArrayPool<char>.Shared.Rent(terms.Count * LongestPlace);
        Span<Chain> chains = stackalloc Chain[MaxTerms];
        try
        {
            var length = 0;
            foreach (var chain in chains[..Link(terms, next, chains)])
                length += Write(vector.AsSpan(length), blinder.Blind(terms[chain.First].Text.Span), chain, terms, next);
            return new string(vector, 0, Math.Max(0, length - 1));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(next);
            ArrayPool<char>.Shared.Return(vector);
        }
    }

    /// <summary>
    /// A search as people write it (words, "quoted phrases", -excluded), to be cast by <c>::tsquery</c>. Blinded under each key, since
    /// a text is found under the key of its own month. Empty when it names nothing to find, such as an excluded word alone.
    /// </summary>
    public static string ToQuery(string userQuery, IEnumerable<SearchKey> keys)
    {
        var wanted = SearchQuery.Parse(userQuery);
        return wanted.Any(part => !part.IsExcluded) ? string.Join(" | ", keys.Select(key => Under(key, wanted))) : "";
    }

    // How many different terms there are.
    private static int Link(List<SearchTerm> terms, Span<int> next, Span<Chain> chains)
    {
        var count = 0;
        for (var index = 0; index < terms.Count; index++)
        {
            next[index] = -1;
            if (terms[index].Position > MaxPosition)
                continue;
            var at = 0;
            while (at < count && !terms[chains[at].First].Text.Span.SequenceEqual(terms[index].Text.Span))
                at++;
            if (at < count && chains[at].Places < MaxPositions)
                (next[chains[at].Last], chains[at]) = (index, chains[at] with { Last = index, Places = chains[at].Places + 1 });
            else if (at == count && count < MaxTerms)
                chains[count++] = new Chain(index, index, 1);
        }

        return count;
    }

    // 'blinded':1,5 and a space.
    private static int Write(Span<char> vector, string blinded, Chain chain, List<SearchTerm> terms, ReadOnlySpan<int> next)
    {
        vector.TryWrite(CultureInfo.InvariantCulture, $"'{blinded}':", out var length);
        for (var at = chain.First; at >= 0; at = next[at])
        {
            vector[length..].TryWrite(CultureInfo.InvariantCulture, $"{terms[at].Position}{(next[at] < 0 ? ' ' : ',')}", out var written);
            length += written;
        }

        return length;
    }

    private static string Under(SearchKey key, IReadOnlyList<SearchQuery> wanted)
    {
        using var blinder = new TermBlinder(key);
        return $"({string.Join(" & ", wanted.Select(part => part.Under(blinder)))})";
    }

    // Indexes into the list of terms.
    private readonly record struct Chain(int First, int Last, int Places);
}
