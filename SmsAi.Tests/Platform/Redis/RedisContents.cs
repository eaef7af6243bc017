using StackExchange.Redis;

namespace SmsAi.Tests.Platform.Redis;

/// <summary>All that a test's Redis holds.</summary>
public static class RedisContents
{
    public static async Task<IReadOnlyList<string>> KeysAsync(TestRedis redis)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var server = connection.GetServer(connection.GetEndPoints()[0]);
        return [.. server.Keys(connection.GetDatabase().Database, pageSize: 1000).Select(key => (string)key!)];
    }

    /// <summary>Every key with every value, as text.</summary>
    public static async Task<string> DumpAsync(TestRedis redis)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = connection.GetDatabase();
        var all = new List<string>();
        foreach (var key in await KeysAsync(redis))
        {
            all.Add(key);
            all.Add(await database.KeyTypeAsync(key) switch
            {
                RedisType.Hash => string.Join(' ', (await database.HashGetAllAsync(key)).Select(entry => $"{entry.Name}={entry.Value}")),
                RedisType.SortedSet => string.Join(' ', await database.SortedSetRangeByRankAsync(key)),
                _ => (string?)await database.StringGetAsync(key) ?? "",
            });
        }

        return string.Join('\n', all);
    }
}
