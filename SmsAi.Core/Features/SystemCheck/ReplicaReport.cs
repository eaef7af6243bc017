using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Writes this replica's figures and what it heard from its services to the database every five seconds, so that any replica can show all.</summary>
public sealed partial class ReplicaReport(
    Databases databases, Replica replica, ReplicaMeter meter, ServiceStates states, DatabasePulse database, RedisConnection redis,
    ILogger<ReplicaReport> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private bool _isAway;

    /// <summary>Writes what is known now.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        Look();
        var (id, now) = (await replica.IdAsync(cancel), meter.Take());
        await using var batch = databases.Pages.CreateBatch();
        batch.BatchCommands.Add(Figures(id, now));
        batch.BatchCommands.Add(Services(id, states.All));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        do
        {
            try
            {
                if (database.IsUp)
                    await WriteAsync(stoppingToken);
                else
                    Look();
                _isAway = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                if (!_isAway) LogNotWritten(fault.GetType().Name);
                _isAway = true;
            }
        }
        while (await NextAsync(timer, stoppingToken));
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Look()
    {
        if (database.WasAsked)
            states.Note(ServiceStates.Database, database.IsUp ? ServiceState.Up : ServiceState.Down, database.Latency, database.IsUp ? null : "no answer within a second");
        if (!redis.IsConfigured)
            states.Note(ServiceStates.Redis, ServiceState.Off);
        else if (redis.WasAsked)
            states.Note(ServiceStates.Redis, redis.IsUp ? ServiceState.Up : ServiceState.Down, redis.Latency, redis.IsUp ? null : "no answer within a second");
    }

    private static NpgsqlBatchCommand Figures(int id, ReplicaFigures now) => new(SystemSql.WriteFigures)
    {
        Parameters =
        {
            new() { Value = id },
            new() { Value = now.Version },
            new() { Value = (float)now.CpuPercent },
            new() { Value = now.MemoryBytes },
            new() { Value = now.Threads },
            new() { Value = now.Connections },
            new() { Value = now.Turns },
            new() { Value = now.TurnsAtMost },
            new() { Value = (object?)now.DiskFreeBytes ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            new() { Value = (object?)now.DiskBytes ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        },
    };

    private static NpgsqlBatchCommand Services(int id, IReadOnlyList<ServiceState> all) => new(SystemSql.WriteServices)
    {
        Parameters =
        {
            new() { Value = id },
            new() { Value = all.Select(one => one.Name).ToArray() },
            new() { Value = all.Select(one => one.State).ToArray() },
            new() { Value = all.Select(one => one.Since.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            new() { Value = all.Select(one => (float?)one.Latency?.TotalMilliseconds).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Real },
            new() { Value = all.Select(one => one.LastError).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = all.Select(one => one.LastErrorAt?.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
        },
    };

    [LoggerMessage(2102, LogLevel.Warning, "This replica's figures could not be written ({Fault}); the System page shows older ones")]
    private partial void LogNotWritten(string fault);
}
