using System.Text.Json;
using Microsoft.OpenApi;

namespace SmsAi.Web.Platform.Api;

/// <summary>The API as its page shows it, taken from the same description machines read.</summary>
public sealed record ApiReference(IReadOnlyList<ApiCallGroup> Groups)
{
    private const int Deepest = 4;

    /// <summary>In the order in which the program maps them.</summary>
    public static ApiReference Of(OpenApiDocument document) => new(
    [
        .. document.Paths.SelectMany(path => (path.Value.Operations ?? []).Select(operation => CallOf(path.Key, operation.Key.Method, operation.Value)))
            .GroupBy(call => call.Group, call => call.Call).Select(group => new ApiCallGroup(group.Key, [.. group])),
    ]);

    private static (string Group, ApiCall Call) CallOf(string path, string method, OpenApiOperation operation)
    {
        var words = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var group = words[1] == "admin" ? words[2] : words[1];
        var body = SchemaOf(operation.RequestBody?.Content);
        return (char.ToUpperInvariant(group[0]) + group[1..], new ApiCall
        {
            Method = method,
            Path = path,
            Summary = operation.Summary ?? "",
            Description = operation.Description ?? "",
            Parameters = [.. (operation.Parameters ?? []).Select(one => new ApiValue(one.Name ?? "", one.In == ParameterLocation.Header ? "header" : one.In == ParameterLocation.Path ? "path" : "query", one.Description ?? "", 0))],
            Body = body is null ? [] : [.. FieldsOf(body, 0)],
            Answer = operation.Responses?.TryGetValue("200", out var answer) == true && SchemaOf(answer.Content) is { } given ? [.. FieldsOf(given, 0)] : [],
            Refusals = [.. (operation.Responses ?? []).Where(response => response.Key != "200").OrderBy(response => response.Key, StringComparer.Ordinal).Select(response => new ApiRefusal(response.Key, response.Value.Description ?? ""))],
            Example = ExampleOf(path, method, body),
        });
    }

    private static IOpenApiSchema? SchemaOf(IDictionary<string, OpenApiMediaType>? content) =>
        content is not null && content.TryGetValue("application/json", out var json) ? json.Schema : null;

    private static IEnumerable<ApiValue> FieldsOf(IOpenApiSchema schema, int depth)
    {
        var inner = Inner(schema);
        if (inner.Type?.HasFlag(JsonSchemaType.Array) == true && inner.Items is { } items)
            inner = Inner(items);
        foreach (var (name, field) in inner.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            yield return new ApiValue(name, KindOf(field), field.Description ?? Inner(field).Description ?? "", depth);
            if (depth >= Deepest)
                continue;
            foreach (var below in FieldsOf(field, depth + 1))
                yield return below;
        }
    }

    /// <summary>The schema that counts, where one is "that or null".</summary>
    private static IOpenApiSchema Inner(IOpenApiSchema schema) =>
        schema.OneOf?.FirstOrDefault(one => one.Type != JsonSchemaType.Null) ?? schema;

    private static string KindOf(IOpenApiSchema schema)
    {
        var inner = Inner(schema);
        var mayBeNull = schema.OneOf is { Count: > 1 } || inner.Type?.HasFlag(JsonSchemaType.Null) == true;
        var kind = inner switch
        {
            { Type: var type } when type?.HasFlag(JsonSchemaType.Array) == true => "list of " + (inner.Items is { } items ? KindOf(items) : "anything"),
            { Format: "date-time" } => "time",
            { Type: var type } when type?.HasFlag(JsonSchemaType.Integer) == true || type?.HasFlag(JsonSchemaType.Number) == true => "number",
            { Type: var type } when type?.HasFlag(JsonSchemaType.Boolean) == true => "true or false",
            { Type: var type } when type?.HasFlag(JsonSchemaType.String) == true => "text",
            { AdditionalProperties: not null } => "names and texts",
            _ => "object",
        };
        return mayBeNull ? kind + " or null" : kind;
    }

    private static string ExampleOf(string path, string method, IOpenApiSchema? body)
    {
        var call = $"curl {(method == "GET" ? "" : $"-X {method} ")}-H \"X-Api-Key: $KEY\"";
        var address = path.Replace("{id}", "17", StringComparison.Ordinal);
        if (body is null)
            return $"{call} $SMSAI{address}";
        var values = (Inner(body).Properties?.Keys ?? []).ToDictionary(name => name, ExampleOf);
        return $"{call} \\\n  -H \"Content-Type: application/json\" \\\n  -d '{JsonSerializer.Serialize(values)}' $SMSAI{address}";
    }

    private static object ExampleOf(string name) => name switch
    {
        "until" => "2030-01-01T08:00:00Z",
        "what" => "kill",
        "tier" => "premium",
        "blocked" => false,
        _ => "Why",
    };
}

/// <summary>Calls about one matter.</summary>
public sealed record ApiCallGroup(string Name, IReadOnlyList<ApiCall> Calls);

/// <summary>One call: what it takes, what it answers, how it refuses.</summary>
public sealed record ApiCall
{
    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<ApiValue> Parameters { get; init; }

    public required IReadOnlyList<ApiValue> Body { get; init; }

    public required IReadOnlyList<ApiValue> Answer { get; init; }

    public required IReadOnlyList<ApiRefusal> Refusals { get; init; }

    public required string Example { get; init; }

    /// <summary>A browser's session may call it as it stands.</summary>
    public bool CanOpen => Method == "GET" && !Path.Contains('{', StringComparison.Ordinal);
}

/// <summary>A parameter or field; deeper ones belong to the one above.</summary>
public sealed record ApiValue(string Name, string Kind, string Description, int Depth);

/// <summary>A status and when it comes.</summary>
public sealed record ApiRefusal(string Status, string Words);
