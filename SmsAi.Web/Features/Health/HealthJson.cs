using System.Text.Json.Serialization;

namespace SmsAi.Web.Features.Health;

/// <summary>The answer of /health: names and up or down, nothing that helps an attacker.</summary>
public sealed record HealthAnswer(string Status, DateTimeOffset Timestamp, HealthServices Services);

/// <summary>The parties we depend on: up, down, off (not used) or unknown (not asked yet).</summary>
public sealed record HealthServices(
    [property: JsonPropertyName("database")] string Database,
    [property: JsonPropertyName("redis")] string Redis,
    [property: JsonPropertyName("openai")] string OpenAi,
    [property: JsonPropertyName("twilio")] string Twilio);

/// <summary>The answer of /healthz.</summary>
public sealed record DetailedHealth(string Status, DetailedHealth.AllDatabases Databases, DetailedHealth.Figures? Performance)
{
    /// <summary>There is one database.</summary>
    public sealed record AllDatabases(Main Main);

    /// <summary>Tables of more than ten thousand rows are counted by estimate.</summary>
    public sealed record Main(string Status, string Type, IReadOnlyDictionary<string, long>? TableCounts, string? DatabaseSize, double? LatencyMs);

    /// <summary>Since the server's statistics began.</summary>
    public sealed record Figures(
        int ActiveConnections, int MaxConnections, long TransactionsCommitted, long TransactionsRolledBack, long TuplesReturned, long TuplesFetched);
}

/// <summary>Both answers on the wire.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(DetailedHealth))]
internal sealed partial class HealthJson : JsonSerializerContext;
