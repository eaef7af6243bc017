using System.Collections.Frozen;

namespace SmsAi.Core.Pipeline;

/// <summary>Which country a number belongs to, by the longest known beginning of its digits (CallingCodes.txt beside this file).</summary>
internal static class CallingCodes
{
    private const int LongestPrefix = 7;

    // The key is the prefix with a 1 before it, so that prefixes of different length never meet.
    private static readonly FrozenDictionary<int, string> Countries = Load();

    /// <summary>The calling code and the country's letters; empty and null when no country has this beginning.</summary>
    internal static (string Code, string? Country) Find(ReadOnlySpan<char> digits)
    {
        var (key, codeLength, country) = (1, 0, (string?)null);
        for (var length = 1; length <= Math.Min(LongestPrefix, digits.Length); length++)
        {
            key = key * 10 + (digits[length - 1] - '0');
            if (!Countries.TryGetValue(key, out var found)) continue;
            country = found;
            if (codeLength == 0) codeLength = length;
        }

        return (digits[..codeLength].ToString(), country);
    }

    private static FrozenDictionary<int, string> Load()
    {
        using var stream = typeof(CallingCodes).Assembly.GetManifestResourceStream("Pipeline/CallingCodes.txt")!;
        using var reader = new StreamReader(stream);
        var countries = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var prefix in words.Skip(1))
                countries.Add(int.Parse("1" + prefix, System.Globalization.CultureInfo.InvariantCulture), words[0]);
        }

        return countries.ToFrozenDictionary();
    }
}
