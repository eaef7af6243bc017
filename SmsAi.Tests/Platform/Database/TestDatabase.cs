using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Tests.Platform.Database;

/// <summary>A fresh migrated database for one test, with the roles of Production: the app's login has no DDL, another owns the schema.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    readonly TestPostgres _postgres;
    readonly string _name;
    readonly Lazy<Databases> _pools;
    readonly Lazy<NpgsqlDataSource> _owner;

    TestDatabase(TestPostgres postgres, string name)
    {
        _postgres = postgres;
        _name = name;
        // A connection that comes late because the machine is busy is no outage.
        _pools = new(() => new Databases(ConnectionString, connectSeconds: 30));
        _owner = new(() => NpgsqlDataSource.Create(OwnerConnectionString + ";Maximum Pool Size=4;Timeout=30;Command Timeout=120"));
    }

    /// <summary>The app's login, smsai_web: what the product itself uses.</summary>
    public string ConnectionString => _postgres.Address(_name, "smsai_web");

    /// <summary>The schema's owner, smsai_migrate.</summary>
    public string MigrationsConnectionString => _postgres.Address(_name, "smsai_migrate");

    /// <summary>The superuser, for arranging and looking.</summary>
    public string OwnerConnectionString => _postgres.Address(_name);

    /// <summary>The pools of a replica on this database; made at first use, closed with it.</summary>
    public Databases Databases => _pools.Value;

    /// <summary>A superuser's pool, for arranging and looking.</summary>
    public NpgsqlDataSource Owner => _owner.Value;

    /// <summary>A context of the product on this database.</summary>
    public SmsAiDb Context() => new(new DbContextOptionsBuilder<SmsAiDb>().UseNpgsql(Databases.Pages).Options);

    /// <summary>A copy of the migrated template on the shared cluster, or on <paramref name="on"/> when the test needs a cluster to itself.</summary>
    public static async Task<TestDatabase> CreateAsync(TestPostgres? on = null)
    {
        if (on is not null) await PrepareAsync(on);
        // Page by page through the log, as is usual, it takes three times as long.
        return await CreateAsync(on ?? await TestServers.PostgresAsync(), $"template {TestServers.Template} strategy file_copy");
    }

    /// <summary>A database without any table.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(TestPostgres? on = null)
    {
        if (on is not null) await PrepareRolesAsync(on);
        return await CreateAsync(on ?? await TestServers.PostgresAsync(), "");
    }

    /// <summary>Runs a statement as superuser.</summary>
    public async Task<int> ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first value of a query as superuser.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    /// <summary>The first column of a query as superuser.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync();
        var list = new List<T>();
        while (await rows.ReadAsync()) list.Add(rows.GetFieldValue<T>(0));
        return list;
    }

    public async ValueTask DisposeAsync()
    {
        if (_pools.IsValueCreated) await _pools.Value.DisposeAsync();
        if (_owner.IsValueCreated) await _owner.Value.DisposeAsync();
        try
        {
            await AdminAsync(_postgres, $"drop database if exists {_name} with (force)");
        }
        catch (NpgsqlException)
        {
            // The test left its own cluster stopped; the database ends with it.
        }
    }

    internal static async Task PrepareAsync(TestPostgres postgres)
    {
        await PrepareRolesAsync(postgres);
        await AdminAsync(postgres, $"create database {TestServers.Template} owner smsai_migrate");
        await new MigrationRunner(postgres.Address(TestServers.Template, "smsai_migrate"), MigrationSet.Embedded())
            .ApplyAsync(force: false, CancellationToken.None);
    }

    static async Task PrepareRolesAsync(TestPostgres postgres) => await AdminAsync(postgres, """
        create role smsai_migrate login;
        create role smsai_web login;
        create role smsai_backup login;
        create role analytics_readonly login;
        """);

    static async Task<TestDatabase> CreateAsync(TestPostgres postgres, string from)
    {
        var name = "test_" + Guid.NewGuid().ToString("N");
        await AdminAsync(postgres, $"create database {name} owner smsai_migrate {from}");
        return new TestDatabase(postgres, name);
    }

    static async Task AdminAsync(TestPostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.Address() + ";Pooling=false;Timeout=30;Command Timeout=60");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = Owner.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
