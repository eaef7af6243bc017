using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stopping;

/// <summary>What a drill found.</summary>
/// <param name="Took">How long the switch took to be written, before it was taken back.</param>
public sealed record StopDrillResult(TimeSpan Took, int Replicas, int Confirming)
{
    /// <summary>The promise is 250 ms on every replica.</summary>
    public bool IsInTime => Took < TimeSpan.FromMilliseconds(250) && Confirming == Replicas;
}

/// <summary>
/// Proves that the service could be stopped: throws the switch in a transaction that is taken back, so nothing stops, and asks which
/// replicas have read the switches in the last seconds.
/// </summary>
public sealed class StopDrill(Databases databases)
{
    public async Task<StopDrillResult> RunAsync(CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using (var transaction = await connection.BeginTransactionAsync(cancel))
        {
            await using var flip = new NpgsqlCommand(
                "update controls set stopped = true, by_name = $1, at = clock_timestamp() where name = 'kill'", connection);
            flip.CommandTimeout = 2;
            flip.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Actor.Service.Name });
            if (await flip.ExecuteNonQueryAsync(cancel) != 1) throw new InvalidOperationException("The switch has no row.");
            await transaction.RollbackAsync(cancel);
        }

        var took = Stopwatch.GetElapsedTime(started);
        await using var replicas = new NpgsqlCommand(StoppingSql.Replicas, connection);
        replicas.Parameters.Add(new NpgsqlParameter { Value = await NewestAsync(connection, cancel), NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var reader = await replicas.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new StopDrillResult(took, (int)reader.GetInt64(0), (int)reader.GetInt64(1));
    }

    private static async Task<long> NewestAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(ver), 0) from controls", connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
