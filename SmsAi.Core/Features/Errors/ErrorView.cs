using System.Globalization;
using System.Text.Json;

namespace SmsAi.Core.Features.Errors;

/// <summary>Which errors are wanted.</summary>
/// <param name="IsOpen">Only open ones, only resolved ones, or both.</param>
/// <param name="Kind">The type all errors of a kind share.</param>
public sealed record ErrorFilter(
    DateTimeOffset From, DateTimeOffset? Until = null, bool? IsOpen = null, string? Category = null, string? Severity = null, string? Component = null, string? Kind = null)
{
    public static IReadOnlyList<string> Categories { get; } = ["DATABASE", "VALIDATION", "AUTHENTICATION", "NETWORK", "BUSINESS_LOGIC", "SYSTEM"];

    /// <summary>From the one that can wait to the one that can't.</summary>
    public static IReadOnlyList<string> Severities { get; } = ["LOW", "MEDIUM", "HIGH", "CRITICAL"];
}

/// <summary>Where a page of the list begins.</summary>
public sealed record ErrorCursor(DateTimeOffset At, long Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}-{Id}");

    /// <summary>Null for what is none.</summary>
    public static ErrorCursor? Parse(string? text) =>
        text?.Split('-') is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTime.MaxValue.Ticks && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(new DateTimeOffset(at, TimeSpan.Zero), number)
            : null;
}

/// <summary>One kept error; equal ones of an hour are one, with their number.</summary>
public sealed record ErrorView(
    long Id, DateTimeOffset At, string Type, string Message, string Category, string Severity, string Component, string Operation,
    bool IsResolved, DateTimeOffset? ResolvedAt, string? ResolvedBy, string? Note, ErrorPerson? Person, ErrorContext Context)
{
    public ErrorCursor Cursor => new(At, Id);
}

/// <summary>Whom an error met.</summary>
public sealed record ErrorPerson(long Id, string Alias, string Tail);

/// <summary>One page of errors.</summary>
public sealed record ErrorWindow(IReadOnlyList<ErrorView> Errors, bool HasNewer, bool HasOlder);

/// <summary>One error in full.</summary>
/// <param name="OpenOfKind">How many of its kind are open, itself included.</param>
/// <param name="NewestOfKind">The newest of those.</param>
public sealed record ErrorDetail(ErrorView Error, string? Stack, long OpenOfKind, long NewestOfKind);

/// <summary>What is kept with an error: how often, until when, and what it belongs to.</summary>
/// <param name="Messages">Texts it was about.</param>
/// <param name="Correlations">What leads to the log: traces and requests.</param>
public sealed record ErrorContext(
    long Count, DateTimeOffset? LastAt, IReadOnlyList<long> Messages, IReadOnlyList<string> Correlations, IReadOnlyList<KeyValuePair<string, string>> Others)
{
    private static readonly string[] Known = ["count", "first_at", "last_at", "correlations", "message", "inbound", "outbound"];

    /// <summary>Metadata that is no object gives an empty context rather than a fault.</summary>
    public static ErrorContext Of(string metadata)
    {
        using var json = JsonDocument.Parse(metadata);
        var root = json.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return new(1, null, [], [], []);
        string[] correlations = root.TryGetProperty("correlations", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
            : [];
        long[] named = [.. ((string[])["message", "inbound", "outbound"]).Select(name => Number(root, name)).OfType<long>()];
        return new(
            Number(root, "count") ?? 1,
            root.TryGetProperty("last_at", out var last) && last.ValueKind == JsonValueKind.String && last.TryGetDateTimeOffset(out var lastAt) ? lastAt : null,
            // A correlation that is a number alone is that of a text.
            [.. named.Concat(correlations.Select(IdOf).OfType<long>()).Distinct()],
            [.. correlations.Where(one => IdOf(one) is null)],
            [.. root.EnumerateObject().Where(one => !Known.Contains(one.Name) && one.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True)
                .Select(one => KeyValuePair.Create(one.Name.Replace('_', ' '), one.Value.ToString()))]);
    }

    private static long? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static long? IdOf(string correlation) =>
        correlation.Length <= 18 && long.TryParse(correlation, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
