using SmsAi.Core.Platform.Redis;
using StackExchange.Redis;

namespace SmsAi.Tests.Platform.Redis;

/// <summary>Looks through a used Redis for keys the product doesn't own up to.</summary>
public static class RedisKeyScan
{
    /// <summary>Keys that match no pattern of <see cref="RedisKeys.All"/>, and keys that never expire.</summary>
    public static async Task<IReadOnlyList<string>> StrangersAsync(TestRedis redis)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = connection.GetDatabase();
        var faults = new List<string>();
        foreach (var key in connection.GetServer(connection.GetEndPoints()[0]).Keys(database.Database, pageSize: 1000).Select(key => (string)key!))
        {
            if (!RedisKeys.All.Any(kind => kind.Matches(key))) faults.Add($"{key} is on no list");
            else if (await database.KeyTimeToLiveAsync(key) is null) faults.Add($"{key} never expires");
        }
        return faults;
    }
}
