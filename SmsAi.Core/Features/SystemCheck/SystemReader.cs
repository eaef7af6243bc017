using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Reads what the System page shows, once every two seconds however many look.</summary>
public sealed class SystemReader(Databases databases, TimeProvider clock) : IDisposable
{
    public const int MostCounted = 10_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private SystemSnapshot? _last;
    private long _readAt;

    public async Task<SystemSnapshot> ReadAsync(CancellationToken cancel)
    {
        await _reading.WaitAsync(cancel);
        try
        {
            if (_last is null || clock.GetElapsedTime(_readAt) > Fresh)
                (_last, _readAt) = (await QueryAsync(cancel), clock.GetTimestamp());
            return _last;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<SystemSnapshot> QueryAsync(CancellationToken cancel)
    {
        await using var batch = databases.Pages.CreateBatch();
        foreach (var sql in (string[])[SystemSql.Replicas, SystemSql.Services, SystemSql.Connections, SystemSql.Database])
            batch.BatchCommands.Add(new(sql));
        batch.BatchCommands.Add(new(SystemSql.Queue) { Parameters = { new() { Value = MostCounted, NpgsqlDbType = NpgsqlDbType.Integer } } });
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        var replicas = await ListAsync(rows, ReplicaOf, cancel);
        var services = await ListAsync(rows, ServiceOf, cancel);
        var pools = await ListAsync(rows, row => KeyValuePair.Create(row.GetString(0), row.GetInt32(1)), cancel);
        var database = (await ListAsync(rows, row => DatabaseOf(row, pools), cancel))[0];
        var queue = (await ListAsync(rows, QueueOf, cancel))[0];
        return new(
            clock.GetUtcNow(),
            [.. ServiceStates.Names.Select(name => ServiceView.Of(name, [.. services.Where(one => one.State.Name == name)]))],
            replicas, database, queue);
    }

    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        var list = new List<T>();
        while (await rows.ReadAsync(cancel)) list.Add(read(rows));
        await rows.NextResultAsync(cancel);
        return list;
    }

    private static ReplicaView ReplicaOf(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(14),
        row.IsDBNull(15) ? null : row.GetFieldValue<DateTimeOffset>(15), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        row.IsDBNull(4)
            ? null
            : new ReplicaFigures(
                row.GetString(5), row.GetFloat(6), row.GetInt64(7), row.GetInt32(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11),
                row.IsDBNull(12) ? null : row.GetInt64(12), row.IsDBNull(13) ? null : row.GetInt64(13)));

    private static (string Replica, ServiceState State) ServiceOf(NpgsqlDataReader row) => (row.GetString(0), new(
        row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? null : TimeSpan.FromMilliseconds(row.GetFloat(4)),
        row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6)));

    private static DatabaseView DatabaseOf(NpgsqlDataReader row, IReadOnlyList<KeyValuePair<string, int>> pools) => new(
        row.GetString(2), row.GetInt64(0), row.GetInt32(3), row.GetInt32(1), row.IsDBNull(4) ? null : row.GetTimeSpan(4), row.GetInt64(5), row.GetInt32(6),
        row.IsDBNull(7) ? null : row.GetString(7), row.GetInt64(8), pools);

    private static QueueView QueueOf(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.IsDBNull(1) ? null : row.GetTimeSpan(1), row.GetInt32(2), row.GetInt32(3));
}
