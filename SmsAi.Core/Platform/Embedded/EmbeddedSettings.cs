using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Platform.Embedded;

/// <summary>What the embedded servers add to the configuration.</summary>
[UnsupportedOSPlatform("windows")]
internal static class EmbeddedSettings
{
    private const string MigrateOnStart = $"{DatabaseOptions.Section}:{nameof(DatabaseOptions.MigrateOnStart)}";

    public static IReadOnlyDictionary<string, string?> For(
        IConfiguration configuration, DataFolder folder, EmbeddedPostgres postgres, EmbeddedRedis? redis)
    {
        var settings = new Dictionary<string, string?>
        {
            [PostgresAddress.Key] = postgres.WebConnectionString,
            [PostgresAddress.MigrationsKey] = postgres.OwnerConnectionString,
            [HostFolders.DataKey] = folder.Root,
        };
        if (redis is not null)
        {
            settings[RedisAddress.Key] = redis.ConnectionString;
        }

        if (string.IsNullOrWhiteSpace(configuration[MigrateOnStart]))
        {
            settings[MigrateOnStart] = "true";
        }

        // Beside the data would be among those of others.
        if (folder.Root != folder.Asked && string.IsNullOrWhiteSpace(configuration[HostFolders.LogsKey]))
        {
            settings[HostFolders.LogsKey] = Path.Combine(folder.Root, "logs");
        }

        return settings;
    }
}
