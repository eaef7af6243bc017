using System.Diagnostics;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Faults;
using StackExchange.Redis;

namespace SmsAi.Tests.Platform.Redis;

/// <summary>Redis there, away, frozen, late and back: the caller always goes on.</summary>
public sealed class RedisConnectionTests
{
    /// <summary>Patient, so that a busy test machine doesn't look like an outage.</summary>
    static readonly RedisOptions Patient = new() { TimeoutMilliseconds = 1000 };

    static async Task<RedisConnection> ConnectAsync(string address, RedisOptions? options = null)
    {
        var connection = new RedisConnection(address, options ?? Patient);
        await connection.StartAsync(CancellationToken.None);
        return connection;
    }

    static Task<bool> SetAsync(IDatabase database) => database.StringSetAsync("session:1", "x", TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Operation_reaches_redis()
    {
        await using var connection = await ConnectAsync((await TestRedis.CreateAsync()).ConnectionString);
        await Until.TrueAsync(() => connection.IsUp, "Redis is up");
        (await connection.TryAsync(SetAsync, CancellationToken.None)).ShouldBeTrue();
        ((string?)await connection.TryAsync(database => database.StringGetAsync("session:1"), CancellationToken.None)).ShouldBe("x");
    }

    [Fact]
    public async Task Without_an_address_everything_is_the_default()
    {
        await using var connection = new RedisConnection(null);
        await connection.StartAsync(CancellationToken.None);
        connection.IsConfigured.ShouldBeFalse();
        connection.IsUp.ShouldBeFalse();
        (await connection.TryAsync(SetAsync, CancellationToken.None)).ShouldBeFalse();
        (await connection.TryAsync<long?>(async database => await database.StringIncrementAsync("a"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Started_before_redis_it_connects_when_redis_comes()
    {
        await using var server = await TestRedisServer.StartNewAsync();
        await server.StopAsync();
        await using var connection = await ConnectAsync(server.Address);
        (await connection.TryAsync(SetAsync, CancellationToken.None)).ShouldBeFalse();

        await server.StartAsync();
        await Until.TrueAsync(() => connection.IsUp, "Redis is up");
        (await connection.TryAsync(SetAsync, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Stopped_redis_is_left_alone_and_found_again()
    {
        await using var server = await TestRedisServer.StartNewAsync();
        await using var connection = await ConnectAsync(server.Address, new RedisOptions { TimeoutMilliseconds = 200 });
        await Until.TrueAsync(() => connection.IsUp, "Redis is up");
        var changes = 0;
        connection.Changed += () => changes++;

        await server.StopAsync();
        await Until.TrueAsync(async () => !await connection.TryAsync(SetAsync, CancellationToken.None) && !connection.IsUp, "the breaker is open");
        var started = Stopwatch.GetTimestamp();
        for (var again = 0; again < 1000; again++) (await connection.TryAsync(SetAsync, CancellationToken.None)).ShouldBeFalse();
        Stopwatch.GetElapsedTime(started).TotalMilliseconds.ShouldBeLessThan(500, "an open breaker asks nobody");

        await server.StartAsync();
        await Until.TrueAsync(() => connection.IsUp, "Redis is found again");
        (await connection.TryAsync(SetAsync, CancellationToken.None)).ShouldBeTrue();
        changes.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task Frozen_redis_costs_one_time_out_per_try_until_the_breaker_opens()
    {
        await using var server = await TestRedisServer.StartNewAsync();
        await using var connection = await ConnectAsync(server.Address, new RedisOptions { TimeoutMilliseconds = 100, FailuresToOpen = 3 });
        await Until.TrueAsync(() => connection.IsUp, "Redis is up");
        server.Freeze();
        var started = Stopwatch.GetTimestamp();
        while (connection.IsUp) await connection.TryAsync(SetAsync, CancellationToken.None);
        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(3);
        server.Thaw();
        await Until.TrueAsync(() => connection.IsUp, "Redis is found again");
    }

    [Fact]
    public async Task Slow_redis_is_no_answer_to_a_text_and_one_to_whoever_asks_how_it_is()
    {
        await using var server = await TestRedisServer.StartNewAsync();
        await using var way = TcpFaultProxy.Before(server.Port);
        await using var connection = await ConnectAsync($"127.0.0.1:{way.Port}", new RedisOptions { TimeoutMilliseconds = 50, FailuresToOpen = 100 });
        await Until.TrueAsync(() => connection.IsUp, "Redis is up");
        way.Latency = TimeSpan.FromMilliseconds(100);

        (await connection.TryAsync(SetAsync, CancellationToken.None)).ShouldBeFalse();
        (await connection.PingAsync(CancellationToken.None)).ShouldNotBeNull().TotalMilliseconds.ShouldBeGreaterThan(150);
    }

    [Fact]
    public async Task Script_survives_a_flush_of_scripts()
    {
        var redis = await TestRedis.CreateAsync();
        await using var connection = await ConnectAsync(redis.ConnectionString);
        await Until.TrueAsync(() => connection.IsUp, "Redis is up");
        async Task<long?> RunAsync() => await connection.TryAsync<long?>(
            async database => (long)await database.ScriptEvaluateAsync("return tonumber(ARGV[1]) + 1", values: [41]), CancellationToken.None);
        (await RunAsync()).ShouldBe(42);
        await connection.TryAsync(database => (Task)database.ExecuteAsync("SCRIPT", "FLUSH"), CancellationToken.None);
        (await RunAsync()).ShouldBe(42);
    }

    [Fact]
    public async Task Refusal_of_the_server_is_no_answer_and_no_exception()
    {
        await using var connection = await ConnectAsync((await TestRedis.CreateAsync()).ConnectionString);
        await Until.TrueAsync(() => connection.IsUp, "Redis is up");
        await connection.TryAsync(SetAsync, CancellationToken.None);
        (await connection.TryAsync<long?>(async database => await database.ListLengthAsync("session:1"), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Subscription_hears_again_after_redis_was_away()
    {
        await using var server = await TestRedisServer.StartNewAsync();
        await using var speaker = await ConnectAsync(server.Address);
        await using var listener = await ConnectAsync(server.Address);
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        listener.Subscribe("news", heard.Enqueue);
        await Until.TrueAsync(async () => await speaker.PublishAsync("news", "before", CancellationToken.None) && heard.Contains("before"), "heard before");
        await server.StopAsync();
        await server.StartAsync();
        await Until.TrueAsync(async () => await speaker.PublishAsync("news", "after", CancellationToken.None) && heard.Contains("after"), "heard after");
    }

    [Theory]
    [InlineData("redis://localhost", "localhost", 6379, null, null, false)]
    [InlineData("redis://:p%40ss@cache:6380/3", "cache", 6380, "p@ss", 3, false)]
    [InlineData("rediss://default:secret@cache:6380", "cache", 6380, "secret", null, true)]
    [InlineData("cache:6381,password=secret,defaultDatabase=2,user=ignored", "cache", 6381, "secret", 2, false)]
    public void Address_is_read(string text, string host, int port, string? password, int? database, bool secure)
    {
        var options = RedisAddress.Parse(text);
        var end = options.EndPoints.Single().ShouldBeOfType<System.Net.DnsEndPoint>();
        (end.Host, end.Port, options.Password, options.DefaultDatabase, options.Ssl, options.AbortOnConnectFail)
            .ShouldBe((host, port, password, database, secure, false));
    }

    [Theory]
    [InlineData("redis://")]
    [InlineData("password=secret")]
    public void Wrong_address_is_a_fault_that_repeats_nothing(string text)
    {
        var fault = RedisAddress.FaultOf(text).ShouldNotBeNull();
        fault.ShouldNotContain("secret");
    }
}
