namespace SmsAi.Core.Platform.Privacy;

/// <summary>One part of a search: words that follow each other, or the address or number they make together.</summary>
internal sealed record SearchQuery(bool IsExcluded, IReadOnlyList<string> Words, string? Whole)
{
    private const int MaxParts = 16;
    private const int MaxWords = 64;
    private const string Quotes = "\"“”„‟«»〝〞";

    public static IReadOnlyList<SearchQuery> Parse(string userQuery)
    {
        var query = TextFolding.Fold(userQuery);
        var parts = new List<SearchQuery>();
        for (var at = 0; at < query.Length && parts.Count < MaxParts;)
        {
            var isExcluded = query[at] == '-';
            if (isExcluded)
                at++;
            var part = Take(query, ref at);
            if (Read(part, isExcluded) is { } read)
                parts.Add(read);
        }

        return parts;
    }

    public string Under(TermBlinder blinder)
    {
        var phrase = string.Join(" <-> ", Words.Select(word => $"'{blinder.Blind(word)}'"));
        if (Words.Count > 1)
            phrase = $"({phrase})";
        if (Whole is not null)
            phrase = $"('{blinder.Blind(Whole)}' | {phrase})";
        return IsExcluded ? "!" + phrase : phrase;
    }

    // From here to the closing quote, or to the next space or quote.
    private static ReadOnlySpan<char> Take(string query, ref int at)
    {
        var start = at;
        var isQuoted = at < query.Length && Quotes.Contains(query[at]);
        if (isQuoted)
            start = ++at;
        while (at < query.Length && !Quotes.Contains(query[at]) && (isQuoted || !char.IsWhiteSpace(query[at])))
            at++;

        var part = query.AsSpan(start, at - start);
        if (at < query.Length && (isQuoted || char.IsWhiteSpace(query[at])))
            at++;
        return part;
    }

    private static SearchQuery? Read(ReadOnlySpan<char> part, bool isExcluded)
    {
        var terms = SearchWords.Of(part.ToString());
        var words = terms.Where(term => !term.IsWhole).Take(MaxWords).Select(term => term.Text.ToString()).ToArray();
        var whole = terms.FindIndex(term => term.IsWhole && term.Words == words.Length);
        return words.Length > 0 ? new SearchQuery(isExcluded, words, whole < 0 ? null : terms[whole].Text.ToString()) : null;
    }
}
