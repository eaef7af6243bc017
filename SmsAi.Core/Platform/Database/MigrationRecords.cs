using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>What the database says about one migration.</summary>
public sealed record MigrationRecord(
    string Version, string Name, string Checksum, bool Success, DateTimeOffset AppliedAt, string? Error, DateTimeOffset? ReversedAt)
{
    public string Title => $"{Version}_{Name}";
    public bool IsApplied => Success && ReversedAt is null;
    public bool HasFailed => !Success;
}

/// <summary>The one tracking table, <c>schema_migrations</c>, over an open connection.</summary>
internal static class MigrationRecords
{
    const string Create = """
        create table if not exists schema_migrations (
          version text primary key,
          name text not null,
          category text not null,
          checksum text not null,
          success boolean not null,
          error text,
          duration_ms bigint not null,
          applied_at timestamptz not null default clock_timestamp(),
          reversed_at timestamptz,
          reversals integer not null default 0)
        """;

    const string Select = """
        select version, name, checksum, success, applied_at, error, reversed_at from schema_migrations order by version
        """;

    const string Upsert = """
        insert into schema_migrations (version, name, category, checksum, success, error, duration_ms)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (version) do update set name = excluded.name, category = excluded.category, checksum = excluded.checksum,
          success = excluded.success, error = excluded.error, duration_ms = excluded.duration_ms,
          applied_at = clock_timestamp(), reversed_at = null
        """;

    const string Reverse = """
        update schema_migrations set reversed_at = clock_timestamp(), reversals = reversals + 1 where version = $1
        """;

    const string Exists = "select to_regclass('schema_migrations') is not null";

    public static async Task EnsureTableAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // Asked first: a login without the right to create must still be able to look.
        if (await ExistsAsync(connection, cancel)) return;
        await using var create = new NpgsqlCommand(Create, connection);
        await create.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<IReadOnlyList<MigrationRecord>> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (!await ExistsAsync(connection, cancel)) return [];
        await using var select = new NpgsqlCommand(Select, connection);
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var records = new List<MigrationRecord>();
        while (await rows.ReadAsync(cancel))
        {
            records.Add(new MigrationRecord(
                rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetBoolean(3), rows.GetFieldValue<DateTimeOffset>(4),
                rows.IsDBNull(5) ? null : rows.GetString(5), rows.IsDBNull(6) ? null : rows.GetFieldValue<DateTimeOffset>(6)));
        }
        return records;
    }

    public static async Task WriteAsync(NpgsqlConnection connection, Migration migration, string? error, TimeSpan took, CancellationToken cancel)
    {
        await using var upsert = new NpgsqlCommand(Upsert, connection)
        {
            Parameters =
            {
                new() { Value = migration.Version },
                new() { Value = migration.Name },
                new() { Value = migration.Category },
                new() { Value = migration.Checksum },
                new() { Value = error is null },
                new() { Value = (object?)error ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
                new() { Value = (long)took.TotalMilliseconds },
            },
        };
        await upsert.ExecuteNonQueryAsync(cancel);
    }

    public static async Task WriteReversalAsync(NpgsqlConnection connection, string version, CancellationToken cancel)
    {
        await using var reverse = new NpgsqlCommand(Reverse, connection) { Parameters = { new() { Value = version } } };
        await reverse.ExecuteNonQueryAsync(cancel);
    }

    static async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var exists = new NpgsqlCommand(Exists, connection);
        return (bool)(await exists.ExecuteScalarAsync(cancel))!;
    }
}
