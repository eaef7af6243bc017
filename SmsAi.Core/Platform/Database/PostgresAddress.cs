using Microsoft.Extensions.Configuration;
using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>Reads where PostgreSQL is: an Npgsql connection string or a <c>postgres://</c> URL, always without error detail.</summary>
public static class PostgresAddress
{
    public const string Key = "ConnectionStrings:Postgres";
    public const string MigrationsKey = "ConnectionStrings:Migrations";

    /// <summary>The app's own address; null when none is set (the embedded default).</summary>
    public static string? Of(IConfiguration configuration) => Given(configuration, Key);

    /// <summary>The address migrations use: the owner's, or the app's own.</summary>
    public static string? OfMigrations(IConfiguration configuration) => Given(configuration, MigrationsKey) ?? Of(configuration);

    public static NpgsqlConnectionStringBuilder Parse(string text)
    {
        var settings = IsUrl(text) ? FromUrl(text) : new NpgsqlConnectionStringBuilder(text);
        // A row's values would reach logs with the error that quotes them.
        settings.IncludeErrorDetail = false;
        settings.LogParameters = false;
        settings.PersistSecurityInfo = false;
        return settings;
    }

    /// <summary>What is wrong with an address, in words that repeat nothing of it; null when it reads well.</summary>
    public static string? FaultOf(string text)
    {
        try
        {
            var settings = Parse(text);
            if (string.IsNullOrWhiteSpace(settings.Host)) return "names no host";
            if (settings.Port is < 1 or > 65535) return "has a port that is none";
            return string.IsNullOrWhiteSpace(settings.Database) ? "names no database" : null;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or KeyNotFoundException)
        {
            return "is neither a connection string (Host=…;Database=…;Username=…;Password=…) nor a postgres:// URL";
        }
    }

    static string? Given(IConfiguration configuration, string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key];

    static bool IsUrl(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) throw new FormatException("Not a URL.");
        var login = url.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : 5432,
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
        };
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            Apply(settings, Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        }
        return settings;
    }

    static void Apply(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "sslmode": settings.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true); break;
            case "sslrootcert": settings.RootCertificate = value; break;
            case "channel_binding": settings.ChannelBinding = Enum.Parse<ChannelBinding>(value, ignoreCase: true); break;
            case "options": settings.Options = value; break;
            case "application_name" or "connect_timeout": break; // Set per pool.
            default: settings[name] = value; break;
        }
    }
}
