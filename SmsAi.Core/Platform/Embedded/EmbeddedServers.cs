using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>
/// The servers the app runs for itself when no connection strings are configured: PostgreSQL, and Redis where it is installed.
/// Started before the host is built, stopped after it has ended.
/// </summary>
public sealed class EmbeddedServers : IAsyncDisposable
{
    private readonly HostLock? _hostLock;
    private readonly ServerWatch? _watch;

    private EmbeddedServers(IReadOnlyDictionary<string, string?> settings, HostLock? hostLock = null, ServerWatch? watch = null)
    {
        Settings = settings;
        _hostLock = hostLock;
        _watch = watch;
    }

    /// <summary>Configuration for the host, to be added last: connection strings and the data folder. Empty when nothing is embedded.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    public bool IsEmbedded => Settings.Count > 0;

    public string? Postgres => Settings.GetValueOrDefault(PostgresAddress.Key);

    public string? Migrations => Settings.GetValueOrDefault(PostgresAddress.MigrationsKey);

    /// <summary>Where everything of an embedded app is kept; null when nothing is embedded.</summary>
    public string? Folder => Settings.GetValueOrDefault(HostFolders.DataKey);

    public string? Redis => Settings.GetValueOrDefault(RedisAddress.Key);

    /// <summary>For the app itself: a second one on the same folder is refused.</summary>
    public static Task<EmbeddedServers> StartIfNeededAsync(
        IConfiguration configuration, string workingFolder, TextWriter console, CancellationToken cancel) =>
        OpenAsync(configuration, workingFolder, console, join: false, cancel);

    /// <summary>For commands such as migrate or kill: uses the servers of the app that is running, or starts them for itself.</summary>
    public static Task<EmbeddedServers> JoinOrStartAsync(
        IConfiguration configuration, string workingFolder, TextWriter console, CancellationToken cancel) =>
        OpenAsync(configuration, workingFolder, console, join: true, cancel);

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }

        _hostLock?.Dispose();
    }

    private static async Task<EmbeddedServers> OpenAsync(
        IConfiguration configuration, string workingFolder, TextWriter console, bool join, CancellationToken cancel)
    {
        // A configured database may have other replicas on it, which a Redis of our own would cut us off from.
        if (PostgresAddress.Of(configuration) is not null)
        {
            return new EmbeddedServers(new Dictionary<string, string?>());
        }

        if (OperatingSystem.IsWindows())
        {
            throw new EmbeddedServerException("On Windows the app does not start its own PostgreSQL: set ConnectionStrings:Postgres.");
        }

        string asked = HostFolders.Data(configuration, workingFolder);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using PosixSignalRegistration terminate = CancelOn(PosixSignal.SIGTERM, stop);
        using PosixSignalRegistration interrupt = CancelOn(PosixSignal.SIGINT, stop);
        try
        {
            return await OpenFolderAsync(configuration, asked, console, join, stop.Token);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new EmbeddedServerException($"The data folder {asked} belongs to another account: {exception.Message}", exception);
        }
    }

    // Until the host is there to listen: an orderly end instead of servers left behind.
    private static PosixSignalRegistration CancelOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });

    [UnsupportedOSPlatform("windows")]
    private static async Task<EmbeddedServers> OpenFolderAsync(
        IConfiguration configuration, string asked, TextWriter console, bool join, CancellationToken cancel)
    {
        DataFolder folder = await DataFolder.OpenAsync(asked, ServerAccount.Choose(), cancel);
        HostLock? hostLock = await HostLock.TryTakeAsync(folder.Asked, cancel);
        if (hostLock is null)
        {
            return (join ? await JoinAsync(configuration, folder, cancel) : null)
                ?? throw new EmbeddedServerException(
                    $"SmsAi is already running on {folder.Asked} ({HostLock.Holder(folder.Asked)}). "
                    + "Stop it first, or give this one a folder of its own by Data__Folder.");
        }

        try
        {
            return await StartAsync(configuration, folder, hostLock, console, cancel);
        }
        catch
        {
            hostLock.Dispose();
            throw;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task<EmbeddedServers> StartAsync(
        IConfiguration configuration, DataFolder folder, HostLock hostLock, TextWriter console, CancellationToken cancel)
    {
        if (folder.Root != folder.Asked)
        {
            await console.WriteLineAsync(
                $"PostgreSQL does not run as root, and the account {folder.Account.Name} cannot enter {folder.Asked}: data is in {folder.Root}.");
        }

        EmbeddedPostgres postgres = await EmbeddedPostgres.StartAsync(folder, cancel);
        var watch = new ServerWatch(console);
        watch.Add(postgres);
        try
        {
            await SayAsync(console, postgres, Path.Combine(folder.Root, EmbeddedPostgres.Folder));
            EmbeddedRedis? redis = NeedsRedis(configuration) ? await EmbeddedRedis.StartAsync(folder, cancel) : null;
            if (redis is not null)
            {
                watch.Add(redis);
                await SayAsync(console, redis, "nothing kept on disk");
            }
            else if (NeedsRedis(configuration))
            {
                await console.WriteLineAsync("Redis is not installed here: running without it.");
            }

            watch.Start();
            return new EmbeddedServers(EmbeddedSettings.For(configuration, folder, postgres, redis), hostLock, watch);
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static async Task<EmbeddedServers?> JoinAsync(IConfiguration configuration, DataFolder folder, CancellationToken cancel)
    {
        if (await EmbeddedPostgres.JoinAsync(folder, cancel) is not { } postgres)
        {
            return null;
        }

        EmbeddedRedis? redis = NeedsRedis(configuration) ? await EmbeddedRedis.JoinAsync(folder, cancel) : null;
        return new EmbeddedServers(EmbeddedSettings.For(configuration, folder, postgres, redis));
    }

    private static bool NeedsRedis(IConfiguration configuration) => RedisAddress.Of(configuration) is null;

    private static Task SayAsync(TextWriter console, IEmbeddedServer server, string where) =>
        console.WriteLineAsync(
            $"{server.Name} on 127.0.0.1:{server.Port.ToString(CultureInfo.InvariantCulture)}, {where}"
            + (server.Adopted ? " (left running by an app that was killed)." : "."));
}
