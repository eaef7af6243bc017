using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>Claims due work, drops what nobody can work on, and wakes what a switch held.</summary>
public sealed class QueueStore(Databases databases, Replica replica, IOptions<QueueOptions> options)
{
    /// <summary>Leases up to so many due conversations of a class; several replicas never get the same.</summary>
    public Task<List<(long ItemId, long Fence)>> ClaimAsync(short queueClass, int atMost, CancellationToken cancel) =>
        ClaimAsync(queueClass, atMost, suspects: false, cancel);

    /// <summary>Leases one text that its next crash sets aside.</summary>
    public Task<List<(long ItemId, long Fence)>> ClaimSuspectAsync(short queueClass, CancellationToken cancel) =>
        ClaimAsync(queueClass, 1, suspects: true, cancel);

    private async Task<List<(long ItemId, long Fence)>> ClaimAsync(short queueClass, int atMost, bool suspects, CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand(QueueSql.Claim);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = queueClass });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = atMost });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = await replica.IdAsync(cancel) });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Lease });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.Value.CrashesOfSuspect });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = suspects });
        var items = new List<(long, long)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            items.Add((reader.GetInt64(0), reader.GetInt64(1)));
        return items;
    }

    public async Task DropAsync(IReadOnlyList<long> items, CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand(QueueSql.Drop);
        command.Parameters.Add(Columns.Of(items, item => item, NpgsqlDbType.Bigint));
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<bool> HoldsAnyAsync(CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand("select exists (select from queue where state = 'held')");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Texts that wait for the model; returns how many run again.</summary>
    public async Task<int> WakeTextsAsync(CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand(QueueSql.WakeTexts);
        return await command.ExecuteNonQueryAsync(cancel);
    }
}
