using System.Data.Common;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>Lets the documents' environment names stand for the real keys wherever the real key is not set.</summary>
public static class SettingAliases
{
    internal const string Mark = "Aliases:";

    /// <summary>Environment name → key. <c>DB_HOST</c>, <c>DB_PORT</c>, <c>DB_NAME</c>, <c>DB_USER</c> and <c>DB_PASSWORD</c> together make <c>ConnectionStrings:Postgres</c>.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string>
    {
        ["TWILIO_ACCOUNT_SID"] = "Twilio:AccountSid",
        ["TWILIO_AUTH_TOKEN"] = "Twilio:AuthToken",
        ["TWILIO_PHONE_NUMBER"] = "Twilio:FromNumber",
        ["OPENAI_API_KEY"] = "OpenAI:ApiKey",
        ["OPENAI_MAX_TOKENS"] = "OpenAI:MaxTokens",
        ["OPENAI_TEMPERATURE"] = "OpenAI:Temperature",
        ["DATABASE_URL"] = PostgresAddress.Key,
        ["REDIS_URL"] = RedisAddress.Key,
        ["ENCRYPTION_KEY"] = "Privacy:EncryptionKey",
        ["PHONE_HASH_SALT"] = "Privacy:PhoneHashKey",
    };

    /// <summary>Adds what the environment gives by these names. Call it after every other source is added: a real key always wins.</summary>
    public static IConfigurationBuilder AddAliases(this IConfigurationManager configuration) =>
        AddAliases(configuration, Environment.GetEnvironmentVariable);

    internal static IConfigurationBuilder AddAliases(IConfigurationManager configuration, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string?>();
        foreach (var (name, key) in Names) Take(name, key, environment(name));
        Take("DB_HOST", PostgresAddress.Key, FromParts(environment));
        return configuration.AddInMemoryCollection(given);

        void Take(string name, string key, string? value)
        {
            if (string.IsNullOrWhiteSpace(value) || !string.IsNullOrWhiteSpace(configuration[key]) || !given.TryAdd(key, value)) return;
            given[Mark + key] = name; // So that a fault can name what was really set.
        }
    }

    /// <summary>The environment name a key's value came by, if it came by one.</summary>
    public static string? UsedFor(IConfiguration configuration, string key) => configuration[Mark + key];

    static string? FromParts(Func<string, string?> environment)
    {
        if (environment("DB_HOST") is not { Length: > 0 } host) return null;
        // Not Npgsql's own builder: a port that is none must be a fault among the others, not an exception here.
        var parts = new DbConnectionStringBuilder { ["Host"] = host };
        foreach (var (name, word) in (ReadOnlySpan<(string, string)>)[("DB_PORT", "Port"), ("DB_NAME", "Database"), ("DB_USER", "Username"), ("DB_PASSWORD", "Password")])
        {
            if (environment(name) is { Length: > 0 } value) parts[word] = value;
        }
        return parts.ConnectionString;
    }
}
