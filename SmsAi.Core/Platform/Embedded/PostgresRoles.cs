using Npgsql;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>
/// Makes the database and its two roles: <c>smsai_migrate</c> owns the database, <c>smsai_web</c> may only do
/// what the migrations grant it.
/// </summary>
internal static class PostgresRoles
{
    public const string Database = "smsai";
    public const string Owner = "smsai_migrate";
    public const string Web = "smsai_web";

    // The password stays out of the statement, since the server logs statements that fail.
    private const string MakeRole =
        """
        do $$
        declare
          role text := current_setting('smsai.role');
        begin
          if not exists (select from pg_roles where rolname = role) then
            execute format('create role %I', role);
          end if;
          execute format('alter role %I login nosuperuser nocreatedb nocreaterole password %L', role, current_setting('smsai.password'));
        end $$
        """;

    // Older servers let everybody make tables in the schema public.
    private const string MakeRights =
        """
        alter role smsai_web set idle_in_transaction_session_timeout = '5s';
        grant pg_read_all_stats to smsai_web;
        revoke all on database smsai from public;
        grant connect, temporary on database smsai to smsai_web;
        alter schema public owner to smsai_migrate;
        revoke create on schema public from public;
        """;

    public static async Task PrepareAsync(
        NpgsqlConnectionStringBuilder administrator, string ownerPassword, string webPassword, CancellationToken cancel)
    {
        await using (NpgsqlConnection connection = await OpenAsync(administrator, cancel))
        {
            await MakeRoleAsync(connection, Owner, ownerPassword, cancel);
            await MakeRoleAsync(connection, Web, webPassword, cancel);
            await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
            {
                Parameters = { new() { Value = Database } },
            };
            if (await exists.ExecuteScalarAsync(cancel) is null)
            {
                await using var create = new NpgsqlCommand("create database smsai owner smsai_migrate", connection);
                await create.ExecuteNonQueryAsync(cancel);
            }
        }

        await using NpgsqlConnection inside = await OpenAsync(new(administrator.ConnectionString) { Database = Database }, cancel);
        await using var rights = new NpgsqlCommand(MakeRights, inside);
        await rights.ExecuteNonQueryAsync(cancel);
    }

    private static async Task MakeRoleAsync(NpgsqlConnection connection, string role, string password, CancellationToken cancel)
    {
        await using var name = new NpgsqlCommand(
            "select set_config('smsai.role', $1, false), set_config('smsai.password', $2, false)", connection)
        {
            Parameters = { new() { Value = role }, new() { Value = password } },
        };
        await name.ExecuteNonQueryAsync(cancel);
        await using var make = new NpgsqlCommand(MakeRole, connection);
        await make.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlConnectionStringBuilder administrator, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(administrator.ConnectionString);
        await connection.OpenAsync(cancel);
        return connection;
    }
}
