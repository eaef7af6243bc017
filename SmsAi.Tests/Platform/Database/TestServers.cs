using Npgsql;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Redis;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace SmsAi.Tests.Platform.Database;

/// <summary>The one PostgreSQL and the one Redis of a test run: started by the first test that asks, stopped at the end.</summary>
public sealed class TestServers : IAsyncDisposable
{
    static readonly Lazy<Task<TestPostgres>> SharedPostgres = new(StartPostgresAsync);
    static readonly Lazy<Task<TestRedisServer>> SharedRedis = new(() => TestRedisServer.StartNewAsync());

    /// <summary>The migrated database every test's own is copied from.</summary>
    internal const string Template = "smsai_template";

    /// <summary>The cluster all tests share; a test that stops or freezes one starts its own by <see cref="TestPostgres.StartNewAsync"/>.</summary>
    public static Task<TestPostgres> PostgresAsync() => SharedPostgres.Value;

    public static Task<TestRedisServer> RedisAsync() => SharedRedis.Value;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (SharedPostgres.IsValueCreated) await (await SharedPostgres.Value).DisposeAsync();
        if (SharedRedis.IsValueCreated) await (await SharedRedis.Value).DisposeAsync();
    }

    static async Task<TestPostgres> StartPostgresAsync()
    {
        var postgres = await TestPostgres.StartNewAsync();
        await TestDatabase.PrepareAsync(postgres);
        return postgres;
    }
}
