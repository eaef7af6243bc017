namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// Finds e-mail addresses, hosts and numbers among words that stand one joint apart, such as "anna@example.com" or "0170-123456".
/// A number's term is its digits alone, so that it is found however its writer parted them.
/// </summary>
internal sealed class Compounds(string text, IReadOnlyList<Range> words)
{
    // Keeps a long row of joined words from being looked at again and again.
    private const int MaxWords = 16;

    public static bool IsJoint(char joint) => ".@-_+:/,".Contains(joint);

    /// <summary>Each compound, the index of its first word, and how many words it joins.</summary>
    public IEnumerable<(string Term, int First, int Count)> Find()
    {
        for (var first = 0; first < words.Count; first++)
        {
            var named = Math.Max(Mail(first), Host(first));
            var last = Math.Max(named, Number(first));
            if (last == first)
                continue;

            var whole = text[words[first].Start.Value..words[last].End.Value];
            yield return (named > first ? whole : string.Concat(whole.Where(char.IsAsciiDigit)), first, last - first + 1);
            first = last;
        }
    }

    // Each of these gives the index of the compound's last word, or `first` when none begins here.
    private int Mail(int first)
    {
        var name = Reach(first, ".-_+");
        return IsJoined(name, "@") && Host(name + 1) is var host && host > name + 1 ? host : first;
    }

    private int Host(int first)
    {
        var last = Reach(first, ".-_");
        var parts = Enumerable.Range(first, last - first + 1);
        return parts.Any(part => part < last && IsJoined(part, ".")) && !parts.All(IsDigits) ? last : first;
    }

    private int Number(int first)
    {
        var last = first;
        while (IsDigits(last) && last - first < MaxWords && IsJoined(last, ".,:/-") && IsDigits(last + 1))
            last++;
        return last;
    }

    private int Reach(int first, string joints)
    {
        var last = first;
        while (last - first < MaxWords && IsJoined(last, joints))
            last++;
        return last;
    }

    private bool IsJoined(int word, string joints) => word + 1 < words.Count && joints.Contains(text[words[word].End.Value]);

    private bool IsDigits(int word) => !text.AsSpan(words[word]).ContainsAnyExceptInRange('0', '9');
}
