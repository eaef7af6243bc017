using System.Diagnostics;
using System.Net.Sockets;
using SmsAi.Tests.Platform.Database;
using StackExchange.Redis;

namespace SmsAi.Tests.Platform.Redis;

/// <summary>A redis-server of its own on a free loopback port: it can be stopped, frozen and started again, and ends with the test process.</summary>
public sealed class TestRedisServer : IAsyncDisposable
{
    Process? _keeper;
    string _serverId = "";
    int _databases;

    public int Port { get; private init; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<TestRedisServer> StartNewAsync()
    {
        var server = new TestRedisServer { Port = FreePort.Next() };
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        // The shell holds our end of its input, so the server ends with this process in whatever way that ends.
        const string keep = """
            exec 2>/dev/null; "$@" >/dev/null & server=$!; echo $server; cat >/dev/null; kill -KILL $server; wait $server
            """;
        foreach (var argument in (string[])["-c", keep, "keeper", "redis-server", "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", "10000"])
            start.ArgumentList.Add(argument);
        _keeper = Process.Start(start)!;
        _serverId = (await _keeper.StandardOutput.ReadLineAsync())!;
        await WaitUntilOpenAsync();
    }

    /// <summary>Ends the server and everything in it.</summary>
    public async Task StopAsync()
    {
        if (_keeper is null) return;
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
        _keeper = null;
    }

    /// <summary>Connections stay open and nothing answers.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    public async ValueTask DisposeAsync() => await StopAsync();

    internal int NextDatabase() => Interlocked.Increment(ref _databases);

    void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _serverId]);
        kill.WaitForExit();
    }

    /// <summary>Takes away all it holds, as FLUSHALL does.</summary>
    public async Task EmptyAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(Address + ",allowAdmin=true");
        await redis.GetServer(Address).FlushAllDatabasesAsync();
    }

    async Task WaitUntilOpenAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(20);
            }
        }
    }
}

/// <summary>A numbered database of the run's Redis for one test, and pub/sub channels nobody else hears.</summary>
public sealed class TestRedis
{
    TestRedis(TestRedisServer server, int database) =>
        ConnectionString = $"{server.Address},defaultDatabase={database},channelPrefix=t{database}:";

    /// <summary>What the product takes as <c>ConnectionStrings:Redis</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>What a field of a hash holds now.</summary>
    public async Task<RedisValue> FieldAsync(string key, string field)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
        return await redis.GetDatabase().HashGetAsync(key, field);
    }

    /// <summary>An empty database on the shared server, or on <paramref name="on"/> when the test needs a server to itself.</summary>
    public static async Task<TestRedis> CreateAsync(TestRedisServer? on = null)
    {
        var server = on ?? await TestServers.RedisAsync();
        return new TestRedis(server, server.NextDatabase());
    }
}
