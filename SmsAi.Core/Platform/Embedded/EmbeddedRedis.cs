using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>The app's own Redis: on loopback, in a session of its own, nothing kept on disk, since PostgreSQL is the truth.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class EmbeddedRedis : IEmbeddedServer
{
    private const string Folder = "redis";

    private readonly DataFolder _folder;
    private readonly string _program;
    private readonly string _password;

    private EmbeddedRedis(DataFolder folder, string program)
    {
        _folder = folder;
        _program = program;
        _password = folder.Secret(Folder);
    }

    public string Name => "Redis";

    public int Port { get; private set; }

    public bool Adopted { get; private set; }

    public string ConnectionString => $"127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)},password={_password},abortConnect=false";

    /// <summary>Null when Redis is not installed here.</summary>
    public static async Task<EmbeddedRedis?> StartAsync(DataFolder folder, CancellationToken cancel)
    {
        if (FindProgram() is not { } program)
        {
            return null;
        }

        var redis = new EmbeddedRedis(folder, program);
        try
        {
            redis.Port = folder.ReadPort(Folder) ?? 0;
            redis.Adopted = redis.Port != 0 && await redis.IsRunningAsync(cancel);
            if (!redis.Adopted)
            {
                await redis.LaunchAsync(cancel);
            }

            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>The Redis of an app that is running on the folder, for a command beside it. Null when none answers.</summary>
    public static async Task<EmbeddedRedis?> JoinAsync(DataFolder folder, CancellationToken cancel)
    {
        if (FindProgram() is not { } program || folder.ReadPort(Folder) is not { } port || !folder.HasSecret(Folder))
        {
            return null;
        }

        var redis = new EmbeddedRedis(folder, program) { Port = port, Adopted = true };
        return await redis.IsRunningAsync(cancel) ? redis : null;
    }

    /// <summary>Who answers to our password is ours.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancel) => await RedisLine.AskAsync(Port, _password, "PING", cancel) == "+PONG";

    public async Task RestartAsync(CancellationToken cancel)
    {
        await StopAsync(TimeSpan.Zero);
        await RunServerAsync(cancel);
    }

    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.FromSeconds(5));

    private string PidFile => Path.Combine(_folder.Root, Folder, "redis.pid");

    private async Task LaunchAsync(CancellationToken cancel)
    {
        for (int attempt = 1; ; attempt++)
        {
            Port = _folder.ChoosePort(Folder, fresh: attempt > 1);
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

    private async Task RunServerAsync(CancellationToken cancel)
    {
        await _folder.ServerFolderAsync(Folder, cancel);
        string log = await _folder.LogFileAsync(Folder, cancel);

        // A start once begun is waited for, also when the program is ending: a server that doesn't answer yet can't be told to stop.
        cancel.ThrowIfCancellationRequested();

        // By standard input, so that the password is neither in a file nor in the list of processes.
        (int exitCode, string output) = await _folder.Account.RunAsync(_program, ["-"], CancellationToken.None, Settings(log));
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5) && exitCode == 0;)
        {
            if (await IsRunningAsync(CancellationToken.None))
            {
                return;
            }

            await Task.Delay(20, CancellationToken.None);
        }

        throw new EmbeddedServerException($"Redis did not start; its log is {log}. {output}");
    }

    private string Settings(string log) =>
        $"""
        bind 127.0.0.1
        port {Port.ToString(CultureInfo.InvariantCulture)}
        requirepass {_password}
        daemonize yes
        pidfile "{PidFile}"
        dir "{Path.Combine(_folder.Root, Folder)}"
        logfile "{log}"
        loglevel warning
        save ""
        appendonly no
        maxmemory 256mb
        maxmemory-policy noeviction

        """;

    private async Task StopAsync(TimeSpan patience)
    {
        string pid = File.Exists(PidFile) ? await File.ReadAllTextAsync(PidFile) : "";
        await RedisLine.AskAsync(Port, _password, "SHUTDOWN NOSAVE", CancellationToken.None);
        if (!int.TryParse(pid.Trim(), CultureInfo.InvariantCulture, out int id))
        {
            return;
        }

        try
        {
            using Process process = Process.GetProcessById(id);
            if (!process.ProcessName.StartsWith("redis", StringComparison.Ordinal))
            {
                return;
            }

            if (!process.WaitForExit(patience))
            {
                process.Kill();
            }
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }

    private static string? FindProgram() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"])
            .Select(place => Path.Combine(place, "redis-server"))
            .FirstOrDefault(File.Exists);
}
