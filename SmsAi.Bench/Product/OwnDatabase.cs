using Npgsql;

namespace SmsAi.Bench.Product;

/// <summary>
/// Tells the bench's own databases from all others by a comment on them, which only a database that was empty when the bench met it gets.
/// </summary>
public static class OwnDatabase
{
    private const string Mark = "Made by SmsAi.Bench; its people are invented.";

    private const string MarkIfNew = $"""
        do $$ begin
          if to_regclass('public.schema_migrations') is null then
            execute format('comment on database %I is %L', current_database(), '{Mark}');
          end if;
        end $$
        """;

    private const string Read = "select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname = current_database()";

    public static async Task MarkIfNewAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(MarkIfNew);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Throws before anything is written into a database that is somebody's.</summary>
    public static async Task EnsureAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Read);
        if (await command.ExecuteScalarAsync(cancel) is not Mark)
            throw new InvalidOperationException("This database was not made by the bench, which writes invented people into none but its own.");
    }
}
