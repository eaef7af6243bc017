using System.Globalization;
using System.Net.Sockets;
using System.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Serilog.Events;
using SmsAi.Core.Platform.Database;
using StackExchange.Redis;

namespace SmsAi.Core.Platform.Logging;

/// <summary>
/// A fault as error_logs holds it. Our own events are told in their words, redacted; of others' events and of exceptions only what stands in
/// the code, since their words may quote what they failed on. The log files have those, redacted.
/// </summary>
internal sealed record FaultRow(string Type, string Message, string? Stack, string Category, string Severity, string Component, string Operation)
{
    private const int LongestMessage = 1_000;
    private const int LongestStack = 8_000;
    private const int LongestName = 100;

    public static FaultRow Of(Fault fault, Redaction redaction)
    {
        var isOurs = fault.Kind.Source.StartsWith("SmsAi.", StringComparison.Ordinal);
        var component = isOurs ? LastPart(fault.Kind.Source) : fault.Kind.Source;
        var operation = LastPart(fault.EventName.StartsWith("Log", StringComparison.Ordinal) ? fault.EventName[3..] : fault.EventName);
        var exception = fault.First.Exception;
        return new FaultRow(
            Clean(SnakeCase.Of(LastPart(component) + (operation.Length > 0 ? operation : exception?.GetType().Name ?? "Fault")), LongestName, redaction),
            Clean(isOurs ? LogText.Message(fault.First) : fault.Kind.Template, LongestMessage, redaction),
            exception is null ? null : Clean(Stacks(exception), LongestStack, redaction),
            CategoryOf(exception, fault.Kind.Source),
            fault.Kind.Level == LogEventLevel.Fatal ? "CRITICAL" : "HIGH",
            Clean(component, LongestName, redaction),
            Clean(operation, LongestName, redaction));
    }

    /// <summary>How often, since and until when, and whom it met.</summary>
    public static string Metadata(Fault fault, Redaction redaction) => JsonSerializer.Serialize(new
    {
        count = fault.Count,
        first_at = fault.First.Timestamp.UtcDateTime,
        last_at = fault.LastAt.UtcDateTime,
        correlations = fault.Correlations.Select(correlation => Clean(correlation, LongestName, redaction)),
        exception = fault.Kind.Exception?.Name,
        sql_state = (fault.First.Exception as PostgresException ?? fault.First.Exception?.InnerException as PostgresException)?.SqlState,
    });

    internal static string CategoryOf(Exception? exception, string source) => exception switch
    {
        NpgsqlException or MigrationException or Microsoft.EntityFrameworkCore.DbUpdateException => "DATABASE",
        HttpRequestException or SocketException or RedisException or TimeoutException => "NETWORK",
        AuthenticationException or CryptographicException or SecurityException or UnauthorizedAccessException => "AUTHENTICATION",
        FormatException or JsonException or ArgumentException => "VALIDATION",
        { InnerException: { } inner } when CategoryOf(inner, "") is var category and not "SYSTEM" => category,
        _ when source.StartsWith("Npgsql", StringComparison.Ordinal) || source.Contains(".Database.", StringComparison.Ordinal) => "DATABASE",
        _ when source.Contains(".Access.", StringComparison.Ordinal) || source.StartsWith("Microsoft.AspNetCore.Authentication", StringComparison.Ordinal) => "AUTHENTICATION",
        _ when source.StartsWith("System.Net", StringComparison.Ordinal) || source.Contains(".Redis.", StringComparison.Ordinal) => "NETWORK",
        _ when source.Contains(".Pipeline.", StringComparison.Ordinal) || source.Contains(".Features.", StringComparison.Ordinal) => "BUSINESS_LOGIC",
        _ => "SYSTEM",
    };

    private static string Stacks(Exception exception)
    {
        var text = new StringBuilder();
        for (var inner = exception; inner is not null; inner = inner.InnerException)
            text.Append(CultureInfo.InvariantCulture, $"{inner.GetType().FullName}\n{inner.StackTrace}\n");
        return text.ToString();
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string Clean(string text, int longest, Redaction redaction) =>
        string.Join('\n', Cut(redaction.Clean(text), longest).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Redaction.OneLine));

    private static string Cut(string text, int longest)
    {
        var cut = text.Length <= longest ? text : text[..(longest - 1)] + "…";
        // Half a letter, as a cut or a sender leaves it, is none to the database.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut));
    }
}
