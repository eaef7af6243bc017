using System.Text.RegularExpressions;

namespace SmsAi.Core.Platform.Database;

/// <summary>The comment lines at the top of a migration file: category, depends, and where needed transaction and destructive.</summary>
internal sealed partial record MigrationHeader(string Category, IReadOnlyList<string> Depends, bool InTransaction, bool Destructive)
{
    static readonly string[] Categories =
        ["CORE", "SECURITY", "PERFORMANCE", "WEBHOOK", "CHANNELS", "ANALYTICS", "FIXES", "AI", "PRIVACY"];

    public static MigrationHeader Read(string title, string sql)
    {
        string? category = null;
        var depends = new List<string>();
        var (inTransaction, destructive, moves) = (true, false, false);
        foreach (var line in sql.Split('\n').TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)))
        {
            var entry = Entry().Match(line);
            if (!entry.Success) continue;
            var value = entry.Groups["value"].Value.Trim();
            switch (entry.Groups["key"].Value)
            {
                case "category": category = value; break;
                case "depends": depends.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)); break;
                case "transaction": inTransaction = value is not "off"; break;
                case "destructive": (destructive, moves) = (value is "yes", value is "moved"); break;
            }
        }
        if (category is null) throw new MigrationException($"{title} has no header line \"-- category: …\".");
        if (!Categories.Contains(category))
            throw new MigrationException($"{title} has the unknown category {category}; known are {string.Join(", ", Categories)}.");
        if (!destructive && !moves && Drops().IsMatch(Comment().Replace(sql, "")))
            throw new MigrationException($"{title} drops or empties a table or column; it must say \"-- destructive: yes\" in its header, or \"moved\" where it has copied all of it before.");
        return new MigrationHeader(category, depends, inTransaction, destructive);
    }

    [GeneratedRegex(@"^--\s*(?<key>category|depends|transaction|destructive)\s*:\s*(?<value>.*)$")]
    private static partial Regex Entry();

    [GeneratedRegex(@"--[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bdrop\s+(table|column|schema|materialized\s+view)\b|\btruncate\s+(?!on\b)[a-z_""]", RegexOptions.IgnoreCase)]
    private static partial Regex Drops();
}
