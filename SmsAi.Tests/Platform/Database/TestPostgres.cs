using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SmsAi.Tests.Platform.Database;

/// <summary>A PostgreSQL cluster of its own on a free loopback port: it can be stopped, frozen and started again, and is gone with the test process.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    // Making and dropping a database for each test is a thousand files each time: a disk takes longer for them than the test for the rest.
    const string Memory = "/dev/shm";
    const long Room = 4L << 30;

    readonly string _folder;
    readonly bool _durable;
    Process? _keeper;
    int _serverId;

    TestPostgres(string folder, int port, bool durable)
    {
        _folder = folder;
        _durable = durable;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The superuser's address of a database of this cluster.</summary>
    public string Address(string database = "postgres", string user = "postgres") =>
        $"Host=127.0.0.1;Port={Port};Username={user};Database={database}";

    /// <param name="durable">Keeps fsync on, for tests that crash the server.</param>
    public static async Task<TestPostgres> StartNewAsync(bool durable = false)
    {
        var folder = Path.Combine(durable ? Path.GetTempPath() : Place(), "smsai-test-" + Guid.NewGuid().ToString("N")[..12]);
        Directory.CreateDirectory(folder);
        if (IsRoot) await RunAsync("chown", "postgres", folder);
        var postgres = new TestPostgres(folder, FreePort.Next(), durable);
        await RunAsync([.. AsServerUser(Tool("initdb")), "-D", postgres.Data, "-U", "postgres", "--auth=trust",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]);
        await postgres.StartAsync();
        return postgres;
    }

    public async Task StartAsync()
    {
        string[] server =
        [
            .. AsServerUser(Tool("postgres")), "-D", Data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", "",
            "-c", "max_connections=400", "-c", "shared_buffers=128MB", "-c", "logging_collector=off", "-c", "timezone=UTC",
            "-c", "autovacuum_naptime=10s", "-c", "max_wal_size=256MB",
            .. _durable ? Array.Empty<string>() : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
        ];
        // The shell holds our end of its input: when this process dies in whatever way, it stops the server and clears the folder.
        // The folder's three thousand files may take a slow disk long: nobody waits for them.
        const string keep = """
            exec 2>"$FOLDER/server.log"; "$@" >&2 & server=$!; echo $server
            read word; trap '' PIPE
            if [ "$word" != stopped ]; then kill -QUIT $server; kill -CONT $server; pkill -CONT -P $server; fi; wait $server
            echo ended; if [ "$word" != stopped ]; then rm -rf "$FOLDER"; fi
            """;
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["-c", keep, "keeper", .. server]) start.ArgumentList.Add(argument);
        start.Environment["FOLDER"] = _folder;
        start.WorkingDirectory = Path.GetTempPath();
        _keeper = Process.Start(start)!;
        _serverId = int.Parse((await _keeper.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture);
        await WaitUntilOpenAsync();
    }

    static string Place() => Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > Room ? Memory : Path.GetTempPath();

    /// <summary>Ends the server at once without a checkpoint, as a power cut does.</summary>
    public Task CrashAsync() => StopAsync("immediate");

    /// <summary>Stops the server cleanly, dropping its clients.</summary>
    public Task StopAsync() => StopAsync("fast");

    /// <summary>Freezes the server and its sessions: connections stay open and nothing answers.</summary>
    public async Task FreezeAsync()
    {
        await SendAsync("-STOP", $"{_serverId}");
        await Until.TrueAsync(async () => (await OutputAsync("ps", "-o", "stat=", "-p", $"{_serverId}"))[0] == 'T', "the server starts no more sessions");
        await SendAsync("-STOP", await SessionsAsync());
        await Until.TrueAsync(async () => (await StatesAsync()).All(state => state == 'T'), "the server stands still");
    }

    /// <summary>What the kernel says each of its living processes does: T stands still.</summary>
    public async Task<IReadOnlyList<char>> StatesAsync() =>
        [.. (await OutputAsync("ps", "-o", "stat=", "-p", $"{_serverId}", "--ppid", $"{_serverId}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(state => state[0]).Where(state => state != 'Z')];

    public async Task ThawAsync() => await SendAsync("-CONT", [.. await SessionsAsync(), $"{_serverId}"]);

    public async ValueTask DisposeAsync()
    {
        if (_keeper is not null) await EndKeeperAsync("gone");
        else if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    async Task StopAsync(string mode)
    {
        await RunAsync([.. AsServerUser(Tool("pg_ctl")), "stop", "-D", Data, "-m", mode, "-w"]);
        await EndKeeperAsync("stopped");
    }

    async Task EndKeeperAsync(string word)
    {
        if (_keeper is null) return;
        await _keeper.StandardInput.WriteLineAsync(word);
        _keeper.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _keeper.StandardOutput.ReadLineAsync(patience.Token);
        _keeper.Dispose();
        _keeper = null;
    }

    string Data => Path.Combine(_folder, "data");

    async Task<string[]> SessionsAsync() =>
        (await OutputAsync("ps", "-o", "pid=", "-p", $"{_serverId}", "--ppid", $"{_serverId}"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Except([$"{_serverId}"]).ToArray();

    /// <summary>A session that has ended meanwhile is no fault.</summary>
    static async Task SendAsync(string signal, params string[] processes) =>
        await RunAsync(["/bin/sh", "-c", "for process; do kill \"$0\" \"$process\" 2>/dev/null; done; true", signal, .. processes]);

    async Task WaitUntilOpenAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Address() + ";Pooling=false;Timeout=2");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(20);
            }
        }
    }

    static string[] AsServerUser(string tool) =>
        IsRoot ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--no-new-privs", tool] : [tool];

    static bool IsRoot => Environment.IsPrivilegedProcess;

    static string Tool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : []);
        return folders.Select(path => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"The tests need PostgreSQL's {name} on PATH or below /usr/lib/postgresql.");
    }

    static async Task RunAsync(params string[] command) => await OutputAsync(command);

    static async Task<string> OutputAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in command[1..]) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {await error}");
        return await output;
    }
}

/// <summary>Finds loopback ports nobody listens on.</summary>
public static class FreePort
{
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
