using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace SmsAi.Web.Platform.Api;

/// <summary>The fields of a JSON body or of a query, read one by one; whatever is wrong is gathered under the field's name. Names nobody knows are faults too.</summary>
internal sealed partial class ApiFields
{
    private readonly Dictionary<string, JsonElement> _given = new(StringComparer.Ordinal);

    private ApiFields()
    {
    }

    /// <summary>What is wrong, by field.</summary>
    public Dictionary<string, string> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>The refusal, when anything is wrong.</summary>
    public ProblemHttpResult? Problem => Faults.Count == 0 ? null : ApiProblem.Of(Faults);

    /// <summary>From the body; an empty one has no fields. The problem is one of the whole body; those of fields are gathered while they are read.</summary>
    public static async Task<(ApiFields Fields, ProblemHttpResult? Problem)> OfBodyAsync(HttpContext context, params string[] known)
    {
        var (request, fields) = (context.Request, new ApiFields());
        if (request.ContentLength == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return (fields, null);
        if (!request.HasJsonContentType())
            return (fields, ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, "Send the body as JSON, with Content-Type: application/json."));
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false };
            using var document = await JsonDocument.ParseAsync(request.Body, options, context.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return (fields, ApiProblem.Of(StatusCodes.Status400BadRequest, "The body must be one JSON object, such as {\"reason\": \"…\"}."));
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.String) _ = property.Value.GetString();
                fields.Take(property.Name, property.Value.Clone(), known);
            }
        }
        catch (JsonException fault)
        {
            return (fields, ApiProblem.Of(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture,
                $"The body is not valid JSON, or has a field twice, at line {(fault.LineNumber ?? 0) + 1}, byte {(fault.BytePositionInLine ?? 0) + 1}.")));
        }

        catch (InvalidOperationException)
        {
            // From the readings of name and text: half a surrogate pair.
            return (fields, ApiProblem.Of(StatusCodes.Status400BadRequest, "The body holds half a letter: an escape such as \\ud83d without its other half."));
        }

        return (fields, null);
    }

    /// <summary>From the query; an empty value is none.</summary>
    public static ApiFields OfQuery(HttpContext context, params string[] known)
    {
        var fields = new ApiFields();
        foreach (var (name, values) in context.Request.Query)
        {
            if (values.Count > 1)
                fields.Faults[Short(name)] = "Give it once.";
            else if (values.ToString() is { Length: > 0 } value || !known.Contains(name))
                fields.Take(name, JsonSerializer.SerializeToElement(values.ToString()), known);
        }

        return fields;
    }

    public string? Text(string name, int longest)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return Fault(name, "A text in quotes.");
        var text = value.GetString()!.Trim();
        if (text.Length > longest)
            return Fault(name, string.Create(CultureInfo.InvariantCulture, $"At most {longest} characters; these are {text.Length}."));
        return text.Contains('\0', StringComparison.Ordinal) ? Fault(name, "It has a zero byte in it.") : text.Length == 0 ? null : text;
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string name, int longest, string why)
    {
        var text = Text(name, longest);
        if (text is null)
            Faults.TryAdd(name, why);
        return text ?? "";
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Fault(name, "true or false, without quotes.");
        return null;
    }

    public int? Number(string name, int least, int most)
    {
        if (Find(name) is not { } value)
            return null;
        var isOne = value.ValueKind == JsonValueKind.String
            ? int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            : value.TryGetInt32(out number);
        if (isOne && number >= least && number <= most)
            return number;
        Fault(name, string.Create(CultureInfo.InvariantCulture, $"A whole number from {least} to {most}."));
        return null;
    }

    /// <summary>A moment with its zone: without one nobody could say which it is.</summary>
    public DateTimeOffset? Moment(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: <= 40 } text && Zoned().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment))
            return moment.ToUniversalTime();
        Fault(name, "A time with its zone, such as 2026-03-01T15:30:00Z.");
        return null;
    }

    /// <summary>A moment, or the beginning of a UTC day.</summary>
    public DateTimeOffset? DayOrMoment(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } value && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
            : Moment(name);

    private void Take(string name, JsonElement value, string[] known)
    {
        if (known.Contains(name))
            _given[name] = value;
        else
            Faults[Short(name)] = $"There is no such field here. There {(known.Length == 0 ? "are none" : known.Length == 1 ? "is" : "are")} {string.Join(", ", known)}.".Replace(" .", ".", StringComparison.Ordinal);
    }

    private JsonElement? Find(string name) => _given.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string? Fault(string name, string words)
    {
        Faults[name] = words;
        return null;
    }

    private static string Short(string name) => name.Length <= 40 ? name : name[..40] + "…";

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex Zoned();
}
