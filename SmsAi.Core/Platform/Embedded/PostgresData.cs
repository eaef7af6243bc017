using System.Globalization;
using System.Runtime.Versioning;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>The server's data: made once by initdb, whole or not at all.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PostgresData
{
    /// <summary>The major version that made the data; null when there is none yet.</summary>
    public static int? Version(string data)
    {
        string file = Path.Combine(data, "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file).Trim(), CultureInfo.InvariantCulture) : null;
    }

    public static async Task EnsureAsync(DataFolder folder, PostgresBinaries binaries, string administrator, CancellationToken cancel)
    {
        string data = Path.Combine(folder.Root, EmbeddedPostgres.Folder);
        if (Version(data) is not null)
        {
            if (!folder.HasSecret(administrator))
            {
                throw new EmbeddedServerException($"The passwords of the database in {data} are gone: put back the folder {folder.Root}/secrets.");
            }

            return;
        }

        string half = data + ".new";
        if (Directory.Exists(half))
        {
            Directory.Delete(half, recursive: true);
        }

        await InitialiseAsync(folder, binaries, administrator, half, cancel);
        Directory.Move(half, data);
    }

    private static async Task InitialiseAsync(
        DataFolder folder, PostgresBinaries binaries, string administrator, string data, CancellationToken cancel)
    {
        await folder.ServerFolderAsync(Path.GetFileName(data), cancel);
        string password = data + ".password";
        DataFolder.WritePrivate(password, folder.Secret(administrator));
        try
        {
            await folder.Account.GiveAsync(password, cancel);
            (int exitCode, string output) = await folder.Account.RunAsync(
                binaries.InitDb,
                [
                    "-D", data, "-U", administrator, $"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8",
                    OperatingSystem.IsLinux() ? "--locale=C.UTF-8" : "--locale=en_US.UTF-8", "--lc-messages=C", "--no-instructions",
                ],
                cancel);
            if (exitCode != 0)
            {
                throw new EmbeddedServerException($"PostgreSQL could not make its data in {data}: {output}");
            }
        }
        finally
        {
            File.Delete(password);
        }
    }
}
