using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>A PostgreSQL server's programs on this machine, and their major version.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial record PostgresBinaries(string Folder, int Version)
{
    public string InitDb => Path.Combine(Folder, "initdb");

    public string PgCtl => Path.Combine(Folder, "pg_ctl");

    /// <summary>The programs for data of the given version, or the best there are for new data.</summary>
    public static async Task<PostgresBinaries> FindAsync(int? dataVersion, ServerAccount account, CancellationToken cancel)
    {
        List<PostgresBinaries> found = [];
        foreach (string folder in Folders())
        {
            (int exitCode, string output) = await account.RunAsync(Path.Combine(folder, "postgres"), ["--version"], cancel);
            if (exitCode == 0 && MajorVersion().Match(output) is { Success: true } match)
            {
                var binaries = new PostgresBinaries(folder, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
                if (dataVersion is null || dataVersion == binaries.Version)
                {
                    return binaries;
                }

                found.Add(binaries);
            }
        }

        throw new EmbeddedServerException(found.Count == 0
            ? "PostgreSQL was not found on this machine (initdb, postgres): install it, or set ConnectionStrings:Postgres."
            : $"The data was made by PostgreSQL {dataVersion}, and only {string.Join(", ", found.Select(binaries => binaries.Version))} is installed: "
                + "install that version beside it, or set ConnectionStrings:Postgres.");
    }

    /// <summary>Folders with a whole server, PATH first. Links are resolved, since initdb looks for its files beside its real place.</summary>
    private static IEnumerable<string> Folders() =>
        PathFolders().Concat(UsualFolders())
            .Select(folder => Path.Combine(folder, "initdb"))
            .Where(File.Exists)
            .Select(file => Path.GetDirectoryName(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file)!)
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "pg_ctl")))
            .Distinct();

    private static string[] PathFolders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    // The same places as in .ci/needs.sh.
    private static IEnumerable<string> UsualFolders()
    {
        (string Root, string Pattern)[] places =
        [
            ("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*"), ("/opt/homebrew/opt", "postgresql*"), ("/usr/local/opt", "postgresql*"),
            ("/Applications/Postgres.app/Contents/Versions", "*"), ("/usr/local", "pgsql"),
        ];
        return places
            .Where(place => Directory.Exists(place.Root))
            .SelectMany(place => Directory.GetDirectories(place.Root, place.Pattern).OrderDescending(StringComparer.Ordinal))
            .Select(folder => Path.Combine(folder, "bin"));
    }

    [GeneratedRegex(@"PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}
