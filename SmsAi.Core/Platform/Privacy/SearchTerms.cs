using System.Text;

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

    /// <summary>The text's terms with their positions, to be cast by <c>::tsvector</c>; empty for a text without words.</summary>
    public static string ToVector(string text, SearchKey key)
    {
        var positions = new OrderedDictionary<string, List<int>>();
        foreach (var term in SearchWords.Of(TextFolding.Fold(text)))
            Note(positions, term);

        using var blinder = new TermBlinder(key);
        var vector = new StringBuilder(positions.Count * 24);
        foreach (var (term, places) in positions)
        {
            vector.Append(vector.Length == 0 ? "" : " ").Append('\'').Append(blinder.Blind(term)).Append("':");
            vector.AppendJoin(',', places);
        }

        return vector.ToString();
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

    private static void Note(OrderedDictionary<string, List<int>> positions, SearchTerm term)
    {
        if (term.Position > MaxPosition)
            return;
        if (!positions.TryGetValue(term.Text, out var places))
        {
            if (positions.Count == MaxTerms)
                return;
            positions.Add(term.Text, places = []);
        }

        if (places.Count < MaxPositions)
            places.Add(term.Position);
    }

    private static string Under(SearchKey key, IReadOnlyList<SearchQuery> wanted)
    {
        using var blinder = new TermBlinder(key);
        return $"({string.Join(" & ", wanted.Select(part => part.Under(blinder)))})";
    }
}
