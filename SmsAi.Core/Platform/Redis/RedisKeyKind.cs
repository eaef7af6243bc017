using System.Text.RegularExpressions;

namespace SmsAi.Core.Platform.Redis;

/// <summary>One kind of key: how it is written, what it holds, how long it lives, who writes and who reads it.</summary>
public sealed record RedisKeyKind(string Pattern, string Type, TimeSpan TimeToLive, string Writer, string Reader, string Meaning)
{
    readonly Regex _matcher = new("^" + Regex.Escape(Pattern)
        .Replace(@"\{hash}", "[0-9a-f]{64}", StringComparison.Ordinal)
        .Replace(@"\{day}", @"\d{8}", StringComparison.Ordinal)
        .Replace(@"\{hour}", @"\d{10}", StringComparison.Ordinal)
        .Replace(@"\{id}", @"\d+", StringComparison.Ordinal) + "$");

    public bool Matches(string key) => _matcher.IsMatch(key);
}
