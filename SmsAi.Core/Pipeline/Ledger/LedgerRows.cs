using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Reads an event from a row that begins with id, stream, version, type, correlation, data, time.</summary>
internal static class LedgerRows
{
    public static LedgerEvent Event(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt64(4), row.GetFieldValue<byte[]>(5),
        row.GetFieldValue<DateTimeOffset>(6));
}
