using System.Text.RegularExpressions;
using SmsAi.Core.Pipeline;

namespace SmsAi.Core.Features.People;

/// <summary>What was typed to find someone: the beginning of an alias, a word of it, two last digits, or a whole number.</summary>
public sealed partial record PeopleSearch(string? Beginning, string? Word, string? Tail, PhoneNumber? Number)
{
    private const int Longest = 40;

    public static PeopleSearch Of(string? typed)
    {
        var text = (typed ?? "").Trim();
        if (PhoneNumber.Parse(text) is { IsValid: true } number)
            return new(null, null, null, number);
        var words = Gaps().Replace(text.ToLowerInvariant(), "-").TrimStart('-', '·', '.');
        if (words.Length == 0)
            return new(null, null, null, null);
        if (words.Length > Longest)
            words = words[..Longest];
        return words switch
        {
            [>= '0' and <= '9', >= '0' and <= '9'] => new(null, null, words, null),
            _ when words.Contains('-', StringComparison.Ordinal) => new(words, null, null, null),
            _ => new(null, words, null, null),
        };
    }

    [GeneratedRegex(@"[\s-]+")]
    private static partial Regex Gaps();
}
