using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Appends to the service's own stream, whose version no row's lock protects: whoever finds a version taken tries the next.</summary>
public static class LedgerAppend
{
    /// <summary>The stream of what happens to the service itself.</summary>
    public const long ServiceStream = 0;

    private const int MostTries = 50;

    /// <summary>Writes in the caller's transaction and returns the version: ascending, with gaps where a transaction rolled back.</summary>
    public static async Task<long> ToServiceAsync(
        NpgsqlConnection connection, string type, string data, long? correlationId = null, CancellationToken cancel = default)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            await using var command = new NpgsqlCommand(LedgerSql.Append, connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<long> { TypedValue = ServiceStream },
                    new NpgsqlParameter<string> { TypedValue = type },
                    new() { Value = (object?)correlationId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint },
                    new NpgsqlParameter<string> { TypedValue = data },
                },
            };
            if (await command.ExecuteScalarAsync(cancel) is long version)
                return version;
        }

        throw new InvalidOperationException($"No version of the service's stream was free in {MostTries} tries.");
    }
}
