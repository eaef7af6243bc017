using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace SmsAi.Core.Platform.Redis;

/// <summary>Reads where Redis is: a StackExchange.Redis connection string or a <c>redis://</c> or <c>rediss://</c> URL.</summary>
public static class RedisAddress
{
    public const string Key = "ConnectionStrings:Redis";

    public static string? Of(IConfiguration configuration) => string.IsNullOrWhiteSpace(configuration[Key]) ? null : configuration[Key];

    public static ConfigurationOptions Parse(string text)
    {
        var options = IsUrl(text) ? FromUrl(new Uri(text)) : ConfigurationOptions.Parse(text, ignoreUnknown: true);
        if (options.EndPoints.Count == 0) throw new FormatException("No host.");
        options.AbortOnConnectFail = false;
        options.ClientName ??= "smsai";
        if (options.KeepAlive < 0) options.KeepAlive = 5;
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 2000);
        options.ReconnectRetryPolicy = new LinearRetry(500);
        return options;
    }

    /// <summary>What is wrong with an address, in words that repeat nothing of it; null when it reads well.</summary>
    public static string? FaultOf(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            return "is neither host:port[,password=…] nor a redis:// URL";
        }
    }

    static bool IsUrl(string text) =>
        text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);

    static ConfigurationOptions FromUrl(Uri url)
    {
        var login = url.UserInfo.Split(':', 2);
        var options = new ConfigurationOptions
        {
            EndPoints = { { url.Host.Trim('[', ']'), url.Port > 0 ? url.Port : 6379 } },
            Ssl = url.Scheme == "rediss",
        };
        // Only the password: this client knows no user names, and Redis' default user needs none.
        if (login.Length > 1) options.Password = Uri.UnescapeDataString(login[1]);
        if (int.TryParse(url.AbsolutePath.TrimStart('/'), out var database)) options.DefaultDatabase = database;
        return options;
    }
}
