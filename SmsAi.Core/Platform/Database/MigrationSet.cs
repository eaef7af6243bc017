using System.Reflection;
using System.Text.RegularExpressions;

namespace SmsAi.Core.Platform.Database;

/// <summary>All migrations this program knows, in order, read from the files embedded in it and checked among themselves.</summary>
public sealed partial class MigrationSet
{
    public MigrationSet(IEnumerable<Migration> migrations)
    {
        All = [.. migrations.OrderBy(migration => migration.Version, StringComparer.Ordinal)];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var migration in All)
        {
            foreach (var needed in migration.Depends.Where(needed => !seen.Contains(needed)))
                throw new MigrationException($"{migration.Title} depends on {needed}, which does not come before it.");
            if (!seen.Add(migration.Version)) throw new MigrationException($"Two migrations have the number {migration.Version}.");
        }
    }

    public IReadOnlyList<Migration> All { get; }

    /// <summary>The set inside this assembly.</summary>
    public static MigrationSet Embedded() => From(typeof(MigrationSet).Assembly);

    static MigrationSet From(Assembly assembly) =>
        new(Files(assembly.GetManifestResourceNames().ToDictionary(name => name, name => Read(assembly, name))));

    /// <summary>The set of a table of file name → text; files not named NNNN_name.sql or NNNN_name.down.sql are refused.</summary>
    public static IEnumerable<Migration> Files(IReadOnlyDictionary<string, string> files)
    {
        const string folder = "Migrations/";
        foreach (var (path, sql) in files.Where(file => file.Key.StartsWith(folder, StringComparison.Ordinal)))
        {
            if (path.EndsWith(".down.sql", StringComparison.Ordinal)) continue;
            var name = FileName().Match(path[folder.Length..]);
            if (!name.Success) throw new MigrationException($"{path} is not named NNNN_name.sql.");
            yield return Migration.Parse(name.Groups["version"].Value, name.Groups["name"].Value, sql,
                files.GetValueOrDefault(path[..^".sql".Length] + ".down.sql"));
        }
    }

    static string Read(Assembly assembly, string name)
    {
        if (!name.StartsWith("Migrations/", StringComparison.Ordinal)) return "";
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(?<version>\d{4})_(?<name>[a-z0-9_]+)\.sql$")]
    private static partial Regex FileName();
}
