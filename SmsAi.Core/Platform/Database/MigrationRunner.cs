using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>Brings a database to this program's schema: one replica at a time, one transaction per migration, every attempt recorded.</summary>
public sealed partial class MigrationRunner(string connectionString, MigrationSet migrations, bool production = false, ILogger<MigrationRunner>? log = null)
{
    /// <summary>Session lock every runner takes; the number only has to be ours.</summary>
    const long LockKey = 0x536D73_41694D69;

    static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(5);

    readonly ILogger _log = log ?? NullLogger<MigrationRunner>.Instance;

    /// <summary>Looks without changing anything.</summary>
    public async Task<MigrationPlan> PlanAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return MigrationPlan.Compare(migrations, await MigrationRecords.ReadAsync(connection, cancel));
    }

    public async Task<IReadOnlyList<MigrationRecord>> RecordsAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return await MigrationRecords.ReadAsync(connection, cancel);
    }

    /// <summary>Applies what is pending and returns it; a second runner waits, then finds nothing to do.</summary>
    public async Task<IReadOnlyList<Migration>> ApplyAsync(bool force, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await LockAsync(connection, cancel);
        await MigrationRecords.EnsureTableAsync(connection, cancel);
        var records = await MigrationRecords.ReadAsync(connection, cancel);
        var isNew = !records.Any(record => record.IsApplied);
        var plan = MigrationPlan.Compare(migrations, records);
        plan.EnsureMayRun(force, production);
        foreach (var migration in plan.Pending) await ApplyAsync(connection, migration, cancel);
        // Without fresh statistics the intake ran at a quarter of its speed. A new database has none to take: counted while they are empty,
        // its tables would be planned for as empty until the next count, and read whole for every row.
        if (plan.Pending.Count > 0 && !isNew) await ExecuteAsync(connection, "analyze", cancel);
        return plan.Pending;
    }

    /// <summary>Takes back the newest applied migration by its down script and records the reversal; null when nothing is applied.</summary>
    public async Task<Migration?> RollBackAsync(bool force, CancellationToken cancel)
    {
        if (production && !force) throw new MigrationException("A rollback loses data; in Production it runs only with --force, after a backup.");
        await using var connection = await OpenAsync(cancel);
        await LockAsync(connection, cancel);
        var records = await MigrationRecords.ReadAsync(connection, cancel);
        var last = records.LastOrDefault(record => record.IsApplied);
        if (last is null) return null;
        var migration = migrations.All.FirstOrDefault(known => known.Version == last.Version)
            ?? throw new MigrationException($"This program lacks {last.Title}, so it can't take it back.");
        if (migration.DownSql is null) throw new MigrationException($"{migration.Title} has no down script.");
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await ExecuteAsync(connection, migration.DownSql, cancel);
            await MigrationRecords.WriteReversalAsync(connection, migration.Version, cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (PostgresException fault)
        {
            throw new MigrationException($"The down script of {migration.Title} failed and changed nothing: {Reason(fault)}", fault);
        }
        LogReversed(migration.Title);
        return migration;
    }

    async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (migration.InTransaction)
            {
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                await ExecuteAsync(connection, migration.Sql, cancel);
                await MigrationRecords.WriteAsync(connection, migration, null, Stopwatch.GetElapsedTime(started), cancel);
                await transaction.CommitAsync(cancel);
            }
            else
            {
                foreach (var statement in MigrationStatements.Split(migration.Sql)) await ExecuteAsync(connection, statement, cancel);
                await MigrationRecords.WriteAsync(connection, migration, null, Stopwatch.GetElapsedTime(started), cancel);
            }
        }
        catch (PostgresException fault)
        {
            var reason = Reason(fault);
            await MigrationRecords.WriteAsync(connection, migration, reason, Stopwatch.GetElapsedTime(started), CancellationToken.None);
            LogFailed(migration.Title, reason);
            var left = migration.InTransaction ? "changed nothing" : "may have done its first statements";
            throw new MigrationException($"{migration.Title} failed and {left}: {reason}", fault);
        }
        LogApplied(migration.Title, migration.Category, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    async Task<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        var settings = PostgresAddress.Parse(connectionString);
        settings.Pooling = false; // The lock lives as long as the session.
        settings.Timeout = 2;
        settings.CommandTimeout = 0;
        settings.ApplicationName = "smsai-migrate";
        settings.Timezone = "UTC";
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static async Task LockAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            // Asking again and again, since a session that waits for the lock holds a snapshot,
            // on which the runner's own "create index concurrently" would wait for ever.
            await using var attempt = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } } };
            if ((bool)(await attempt.ExecuteScalarAsync(cancel))!) return;
            if (Stopwatch.GetElapsedTime(started) > LockPatience)
                throw new MigrationException("Another program has been migrating this database for five minutes.");
            await Task.Delay(200, cancel);
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static string Reason(PostgresException fault) => $"{fault.MessageText} ({fault.SqlState})";

    [LoggerMessage(9001, LogLevel.Information, "Migration {Migration} ({Category}) applied in {Milliseconds} ms")]
    partial void LogApplied(string migration, string category, long milliseconds);

    [LoggerMessage(9002, LogLevel.Error, "Migration {Migration} failed: {Reason}")]
    partial void LogFailed(string migration, string reason);

    [LoggerMessage(9003, LogLevel.Warning, "Migration {Migration} taken back")]
    partial void LogReversed(string migration);
}
