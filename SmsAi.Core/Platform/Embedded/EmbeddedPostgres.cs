using System.Runtime.Versioning;
using Npgsql;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>
/// The app's own PostgreSQL: on loopback, in a session of its own, so that a Ctrl-C in the terminal reaches only the app,
/// which stops the server when it has finished with it.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class EmbeddedPostgres : IEmbeddedServer
{
    public const string Folder = "postgres";

    private const string Administrator = "postgres";

    private readonly DataFolder _folder;
    private readonly string _data;
    private readonly PostgresBinaries _binaries;

    private EmbeddedPostgres(DataFolder folder, string data, PostgresBinaries binaries)
    {
        _folder = folder;
        _data = data;
        _binaries = binaries;
    }

    public string Name => $"PostgreSQL {_binaries.Version}";

    public int Port { get; private set; }

    public bool Adopted { get; private set; }

    /// <summary>For the app: no DDL, and only the rights the migrations grant.</summary>
    public string WebConnectionString => ConnectionString(PostgresRoles.Web, PostgresRoles.Database).ConnectionString;

    /// <summary>For migrations: the database's owner.</summary>
    public string OwnerConnectionString => ConnectionString(PostgresRoles.Owner, PostgresRoles.Database).ConnectionString;

    /// <summary>A server on the folder: new, started again, or the one a killed app left behind.</summary>
    public static async Task<EmbeddedPostgres> StartAsync(DataFolder folder, CancellationToken cancel)
    {
        string data = Path.Combine(folder.Root, Folder);
        EmbeddedPostgres postgres = new(folder, data, await PostgresBinaries.FindAsync(PostgresData.Version(data), folder.Account, cancel));
        try
        {
            await PostgresData.EnsureAsync(folder, postgres._binaries, Administrator, cancel);
            postgres.Adopted = await postgres.TryAdoptAsync(cancel);
            if (!postgres.Adopted)
            {
                await postgres.LaunchAsync(cancel);
            }

            await PostgresRoles.PrepareAsync(
                postgres.ConnectionString(Administrator, "postgres"),
                folder.Secret(PostgresRoles.Owner), folder.Secret(PostgresRoles.Web), cancel);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server of an app that is running on the folder, for a command beside it. Null when none answers.</summary>
    public static async Task<EmbeddedPostgres?> JoinAsync(DataFolder folder, CancellationToken cancel)
    {
        string data = Path.Combine(folder.Root, Folder);
        if (PostmasterFile.Read(data) is not { } running || !folder.HasSecret(PostgresRoles.Web))
        {
            return null;
        }

        PostgresBinaries binaries = await PostgresBinaries.FindAsync(PostgresData.Version(data), folder.Account, cancel);
        EmbeddedPostgres postgres = new(folder, data, binaries) { Port = running.Port, Adopted = true };
        return await postgres.AnswersAsync(cancel) ? postgres : null;
    }

    public async Task<bool> IsRunningAsync(CancellationToken cancel) =>
        PostmasterFile.Read(_data) is { } running && await running.IsServerOnAsync(_data, cancel);

    public async Task RestartAsync(CancellationToken cancel)
    {
        await ClearAwayAsync(cancel);
        await PostgresSettings.WriteAsync(_data, Port, _folder.Account, cancel);
        await RunServerAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (await IsRunningAsync(CancellationToken.None))
        {
            await StopAsync();
        }
    }

    private async Task<bool> TryAdoptAsync(CancellationToken cancel)
    {
        if (PostmasterFile.Read(_data) is not { } running)
        {
            return false;
        }

        Port = running.Port;
        if (await running.IsServerOnAsync(_data, cancel) && await AnswersAsync(cancel))
        {
            return true;
        }

        await ClearAwayAsync(cancel);
        return false;
    }

    /// <summary>Stops a server on our folder that we cannot use, and takes away what a killed one left there.</summary>
    private async Task ClearAwayAsync(CancellationToken cancel)
    {
        if (await IsRunningAsync(cancel))
        {
            await StopAsync();
        }

        PostmasterFile.Delete(_data);
    }

    private async Task LaunchAsync(CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            Port = _folder.ChoosePort(Folder, fresh: attempt > 1);
            await PostgresSettings.WriteAsync(_data, Port, _folder.Account, cancel);
            try
            {
                await RunServerAsync(cancel);
                return;
            }
            catch (EmbeddedServerException) when (attempt < 3)
            {
                // Most likely somebody took the port in between.
            }
        }
    }

    // pg_ctl gives the server a session of its own, and waits until it answers, crash recovery included.
    private async Task RunServerAsync(CancellationToken cancel)
    {
        string log = await _folder.LogFileAsync(Folder, cancel);
        // Not cancelled: a server that starts after we have ended would be nobody's.
        (int exitCode, string output) = await _folder.Account.RunAsync(
            _binaries.PgCtl, ["start", "--silent", "--wait", "--timeout=300", "-D", _data, "-l", log], CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        if (exitCode != 0)
        {
            throw new EmbeddedServerException($"PostgreSQL did not start on {_data}; its log is {log}. {output}");
        }
    }

    private async Task StopAsync()
    {
        string[] stop = ["stop", "--silent", "--wait", "-D", _data];
        (int exitCode, _) = await _folder.Account.RunAsync(_binaries.PgCtl, [.. stop, "--mode=fast", "--timeout=30"], CancellationToken.None);
        if (exitCode != 0)
        {
            await _folder.Account.RunAsync(_binaries.PgCtl, [.. stop, "--mode=immediate", "--timeout=10"], CancellationToken.None);
        }
    }

    /// <summary>Whether what listens there knows our password and works on our folder.</summary>
    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(Administrator, "postgres").ConnectionString);
            await connection.OpenAsync(cancel);
            await using var command = new NpgsqlCommand("show data_directory", connection);
            return await command.ExecuteScalarAsync(cancel) is string directory && directory == _data;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private NpgsqlConnectionStringBuilder ConnectionString(string role, string database) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = role,
        Password = _folder.Secret(role),
        Database = database,
        Timeout = 2,
        // Pools are the app's own choice; ours here are single connections.
        Pooling = role != Administrator,
    };
}
