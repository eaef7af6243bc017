using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace SmsAi.Core.Platform.Database;

/// <summary>Says what is wrong with the database's addresses.</summary>
internal static class DatabaseSettings
{
    public static IEnumerable<string> Faults(IConfiguration configuration, IHostEnvironment environment)
    {
        if (PostgresAddress.Of(configuration) is null) yield return $"{PostgresAddress.Key} is not set, and there is no embedded PostgreSQL.";
        foreach (var key in (string[])[PostgresAddress.Key, PostgresAddress.MigrationsKey])
        {
            if (configuration[key] is not { Length: > 0 } address) continue;
            if (PostgresAddress.FaultOf(address) is { } fault) yield return $"{key} {fault}.";
        }
    }
}
