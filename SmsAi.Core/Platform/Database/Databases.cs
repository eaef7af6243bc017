using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>The six connection pools of one replica. They are apart so that a slow page or export never takes a connection from the road.</summary>
public sealed class Databases : IAsyncDisposable
{
    const int RoadConnections = 8;
    const int PageConnections = 8;
    const int ExportConnections = 2;
    const int WatchConnections = 2;
    const int ReaderConnections = 4;

    /// <param name="connectSeconds">How long a connection is waited for: short, so that an outage is noticed before whoever waits has left.</param>
    public Databases(string connectionString, ILoggerFactory? logs = null, int connectSeconds = 2)
    {
        NpgsqlDataSource Pool(string name, int size, Action<NpgsqlConnectionStringBuilder> tune) =>
            Databases.Pool(connectionString, name, size, connectSeconds, logs, tune);

        Road = Pool("road", RoadConnections, settings =>
        {
            settings.MinPoolSize = 3;
            TuneForBatches(settings);
        });
        Readers = Pool("readers", ReaderConnections, settings =>
        {
            settings.MinPoolSize = 1;
            TuneForBatches(settings);
        });
        Pages = Pool("pages", PageConnections, settings =>
        {
            settings.MinPoolSize = 2;
            settings.CommandTimeout = 20;
            settings.Options = Join(settings.Options, "-c statement_timeout=15s -c idle_in_transaction_session_timeout=60s");
        });
        Exports = Pool("exports", ExportConnections, settings => settings.CommandTimeout = 600);
        Watch = Pool("watch", WatchConnections, settings =>
        {
            settings.MinPoolSize = 1;
            settings.MaxAutoPrepare = 16;
            settings.AutoPrepareMinUsages = 2;
            settings.CommandTimeout = 2;
        });
        Listen = Pool("listen", 1, settings =>
        {
            settings.CommandTimeout = 5;
            // Nobody writes to this connection for hours: without a keepalive a cut line would look like silence.
            settings.KeepAlive = 5;
        });
    }

    /// <summary>The hot path: intake, queue, delivery, receipts.</summary>
    public NpgsqlDataSource Road { get; }

    /// <summary>The ledger's readers, which write what they read into figures, tasks and search terms.</summary>
    public NpgsqlDataSource Readers { get; }

    /// <summary>Pages, features and EF Core; no statement runs longer than 15 seconds.</summary>
    public NpgsqlDataSource Pages { get; }

    /// <summary>Long streaming reads.</summary>
    public NpgsqlDataSource Exports { get; }

    /// <summary>What must never wait behind anything: the reading of the switches and the renewal of leases.</summary>
    public NpgsqlDataSource Watch { get; }

    /// <summary>The one connection that listens for notices.</summary>
    public NpgsqlDataSource Listen { get; }

    // Each statement there touches a few rows by an index. Left to itself the planner plans every batch anew, for as much time as the
    // batch takes, and on tables it has not counted yet, or that were empty then, prefers to read them whole.
    static void TuneForBatches(NpgsqlConnectionStringBuilder settings)
    {
        settings.MaxAutoPrepare = 64;
        settings.AutoPrepareMinUsages = 2;
        settings.CommandTimeout = 10;
        // A replica that freezes inside a transaction must not keep its row locks.
        settings.Options = Join(
            settings.Options, "-c idle_in_transaction_session_timeout=10s -c plan_cache_mode=force_generic_plan -c enable_seqscan=off");
        // Nothing there changes its session, so there is nothing to put back after each statement.
        settings.NoResetOnClose = true;
    }

    static NpgsqlDataSource Pool(string connectionString, string name, int size, int connectSeconds, ILoggerFactory? logs, Action<NpgsqlConnectionStringBuilder> tune)
    {
        var settings = PostgresAddress.Parse(connectionString);
        settings.ApplicationName = "smsai-" + name;
        settings.Pooling = true;
        settings.MaxPoolSize = size;
        settings.ConnectionIdleLifetime = 30;
        settings.ConnectionPruningInterval = 10;
        // The documents retire a connection after 7,500 uses; Npgsql counts time, not uses.
        settings.ConnectionLifetime = 3600;
        settings.Timeout = connectSeconds;
        settings.Timezone = "UTC";
        tune(settings);
        // The name keeps the connection string out of the pool's metrics.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name };
        if (logs is not null) builder.UseLoggerFactory(logs);
        return builder.Build();
    }

    static string Join(string? given, string ours) => string.IsNullOrWhiteSpace(given) ? ours : given + " " + ours;

    public async ValueTask DisposeAsync()
    {
        await Road.DisposeAsync();
        await Readers.DisposeAsync();
        await Pages.DisposeAsync();
        await Exports.DisposeAsync();
        await Watch.DisposeAsync();
        await Listen.DisposeAsync();
    }
}
