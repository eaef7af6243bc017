using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;
using SmsAi.Core.Platform.Starting;
using StackExchange.Redis;

namespace SmsAi.Core.Features.Metrics;

/// <summary>
/// Keeps the day's and the hour's counters in Redis for whoever reads them there. They are written as whole values from PostgreSQL, at most
/// once a second after news and every five seconds in any case, so a Redis that lost everything is right again by itself.
/// </summary>
internal sealed partial class LiveCounters(Databases databases, RedisConnection redis, TimeProvider clock, ILogger<LiveCounters> logger) : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>$1 the UTC day's first moment $2 the hour's</summary>
    private const string Figures = """
        select sum(m.texts_in), sum(m.texts_out), sum(m.delivered), sum(m.errors),
          sum(m.texts_in) filter (where m.minute >= $2), sum(m.texts_out) filter (where m.minute >= $2),
          sum(m.delivered) filter (where m.minute >= $2), sum(m.errors) filter (where m.minute >= $2),
          sum(m.model_micros)::bigint, sum(m.carrier_micros)::bigint,
          (select h.value::bigint from metrics_hourly h where h.hour_bucket = $1 and h.metric_name = 'active_users' and h.tags = '{}')
        from metric_minutes m where m.minute >= $1 and m.minute < $1 + interval '1 day'
        """;

    private readonly SemaphoreSlim _news = new(0, 1);

    /// <summary>The figures moved on.</summary>
    public void Changed()
    {
        lock (_news)
        {
            if (_news.CurrentCount == 0)
                _news.Release();
        }
    }

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WriteAsync(stoppingToken);
                await Task.Delay(Shortest, clock, stoppingToken);
                await _news.WaitAsync(Longest - Shortest, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogNotRead(logger, fault.GetType().Name);
                await Task.Delay(Longest, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Writes the counters of now; false when Redis is away.</summary>
    internal async Task<bool> WriteAsync(CancellationToken cancel)
    {
        if (!redis.IsUp)
            return false;
        var now = clock.GetUtcNow();
        var figures = await ReadAsync(now, cancel);
        return await redis.TryAsync(database => StoreAsync(database, now, figures), cancel);
    }

    private async Task<long[]> ReadAsync(DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Figures);
        command.Parameters.Add(new() { Value = now.UtcDateTime.Date });
        command.Parameters.Add(new() { Value = now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour) });
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return [.. Enumerable.Range(0, row.FieldCount).Select(column => row.IsDBNull(column) ? 0 : row.GetInt64(column))];
    }

    private static Task<bool> StoreAsync(IDatabase database, DateTimeOffset now, long[] figures)
    {
        var all = database.CreateTransaction();
        Put(all, RedisKeys.MetricsOfDay(now), TimeSpan.FromHours(48),
            [("messages", figures[0]), ("answers", figures[1]), ("delivered", figures[2]), ("errors", figures[3]), ("active_users", figures[10])]);
        Put(all, RedisKeys.MetricsOfHour(now), TimeSpan.FromHours(24),
            [("messages", figures[4]), ("answers", figures[5]), ("delivered", figures[6]), ("errors", figures[7])]);
        Put(all, RedisKeys.CostsOfDay(now), TimeSpan.FromHours(48), [("model_micros", figures[8]), ("carrier_micros", figures[9])]);
        return all.ExecuteAsync();
    }

    // The tasks of a transaction's parts end with it; what it returns says all.
    private static void Put(ITransaction all, RedisKey key, TimeSpan timeToLive, (string Name, long Value)[] fields)
    {
        _ = all.HashSetAsync(key, [.. fields.Select(field => new HashEntry(field.Name, field.Value))]);
        _ = all.KeyExpireAsync(key, timeToLive);
    }

    [LoggerMessage(2101, LogLevel.Warning, "The live counters could not be read ({Fault}); they stay as they are")]
    private static partial void LogNotRead(ILogger logger, string fault);
}
