using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Web.Features.Health;

/// <summary>The database's figures for /healthz, asked at most every five seconds.</summary>
public sealed class DatabaseFigures(Databases databases, DatabasePulse pulse, TimeProvider clock) : IDisposable
{
    private const string Select = """
        select pg_size_pretty(pg_database_size(current_database())), d.numbackends, current_setting('max_connections')::int,
          d.xact_commit, d.xact_rollback, d.tup_returned, d.tup_fetched,
          (select count(*) from (select from users limit 10001) few), (select greatest(reltuples, 0)::bigint from pg_class where oid = 'users'::regclass),
          (select count(*) from (select from tasks limit 10001) few), (select greatest(reltuples, 0)::bigint from pg_class where oid = 'tasks'::regclass),
          (select count(*) from (select from error_logs limit 10001) few), (select greatest(reltuples, 0)::bigint from pg_class where oid = 'error_logs'::regclass)
        from pg_stat_database d where d.datname = current_database()
        """;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly DetailedHealth Unreachable = new("unhealthy", new(new("unreachable", "postgresql", null, null, null)), null);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private DetailedHealth? _last;
    private long _readAt;

    public async Task<DetailedHealth> ReadAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            if (_last is null || clock.GetElapsedTime(_readAt) > Fresh)
                (_last, _readAt) = (pulse.IsUp ? await QueryAsync(cancel) : Unreachable, clock.GetTimestamp());
            return _last;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<DetailedHealth> QueryAsync(CancellationToken cancel)
    {
        try
        {
            await using var command = databases.Pages.CreateCommand(Select);
            command.CommandTimeout = 2;
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await reader.ReadAsync(cancel);
            var counts = new Dictionary<string, long> { ["users"] = Count(reader, 7), ["tasks"] = Count(reader, 9), ["error_logs"] = Count(reader, 11) };
            return new DetailedHealth("healthy",
                new(new("healthy", "postgresql", counts, reader.GetString(0), Math.Round(pulse.Latency.TotalMilliseconds, 1))),
                new(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6)));
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return Unreachable;
        }
    }

    private static long Count(NpgsqlDataReader reader, int column)
    {
        var few = reader.GetInt64(column);
        return few <= 10_000 ? few : Math.Max(few, reader.GetInt64(column + 1));
    }
}
