using Microsoft.Extensions.Configuration;
using Npgsql;
using SmsAi.Bench.Measuring;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Embedded;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Bench.Product;

/// <summary>PostgreSQL and Redis as the product starts them for itself, disk syncs included, in a folder of this run.</summary>
public sealed class ProductServers : IAsyncDisposable
{
    private readonly EmbeddedServers _servers;
    private readonly string _folder;
    private readonly bool _keeps;

    private ProductServers(EmbeddedServers servers, string folder, bool keeps)
    {
        (_servers, _folder, _keeps) = (servers, folder, keeps);
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(servers.Migrations) { MaxPoolSize = 2 }.ConnectionString);
    }

    /// <summary>Connection strings, folders and keys for the product.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings
    {
        get
        {
            var keys = Keys;
            return
            [
                .. _servers.Settings,
                new("Privacy:PhoneHashKey", keys.PhoneHashKey),
                new("Privacy:EncryptionKey", keys.EncryptionKey),
            ];
        }
    }

    /// <summary>They stay with the data: a kept folder can be read by the next run.</summary>
    public PrivacyOptions Keys => KeyFile.LoadOrCreate(_servers.Folder!);

    /// <summary>For the bench's own looks; not a pool of the product.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>The login that owns the schema.</summary>
    public string Owner => _servers.Migrations!;

    public int PostgresProcess { get; private set; }

    /// <summary>Zero where Redis is not installed.</summary>
    public int RedisProcess { get; private set; }

    public static async Task<ProductServers> StartAsync(string? keep, TextWriter console, CancellationToken cancel)
    {
        var folder = keep ?? Directory.CreateTempSubdirectory("smsai-bench-").FullName;
        if (keep is null && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(HostFolders.DataKey, Path.Combine(folder, "data"))]).Build();
        var started = new ProductServers(
            await EmbeddedServers.StartIfNeededAsync(configuration, folder, console, cancel), folder, keeps: keep is not null);
        await OwnDatabase.MarkIfNewAsync(started.Database, cancel);
        started.PostgresProcess = ProcessTree.ParentOf(await started.ScalarAsync<int>("select pg_backend_pid()", cancel));
        started.RedisProcess = started._servers.Redis is { } redis ? RedisAt(redis.Split(',')[0]) : 0;
        return started;
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancel)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await _servers.DisposeAsync();
        if (!_keeps)
            Directory.Delete(_folder, recursive: true);
    }

    private static int RedisAt(string address) =>
        ProcessTree.Find(line => line.Contains("redis-server", StringComparison.Ordinal) && line.Contains(address, StringComparison.Ordinal));
}
