using System.Text;
using System.Text.Json;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Auditing;

/// <summary>How a line of a diff stands to the change.</summary>
public enum AuditDiffKind
{
    Same, Before, After,
}

/// <summary>One line of what changed.</summary>
public sealed record AuditDiffLine(AuditDiffKind Kind, string Name, string Value);

/// <summary>A line's metadata as people read it: the reason, the correlation, what was before and what is after, and what else was noted.</summary>
public sealed record AuditDetail(string? Reason, string? Correlation, IReadOnlyList<AuditDiffLine> Changes, IReadOnlyList<KeyValuePair<string, string>> Notes)
{
    // An act on many people names them all; the export has the whole list.
    private const int MostListed = 20;

    private const string Before = "before";
    private const string After = "after";

    /// <summary>Metadata that is no object gives an empty detail rather than a fault: the trail shows what it has.</summary>
    public static AuditDetail Of(string metadata)
    {
        using var json = JsonDocument.Parse(metadata);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            return new(null, null, [], []);
        var root = json.RootElement;
        var notes = root.EnumerateObject().Where(property => property.Name is not ("reason" or "correlation" or Before or After))
            .SelectMany(property => Flat(property.Name, property.Value));
        return new(Text(root, "reason"), Text(root, "correlation"), Diff(root), [.. notes.Select(note => KeyValuePair.Create(Words(note.Key), note.Value))]);
    }

    private static AuditDiffLine[] Diff(JsonElement root)
    {
        Dictionary<string, string> before = Flatten(root, Before), after = Flatten(root, After);
        return [.. after.Keys.Union(before.Keys).SelectMany(name => Lines(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))];
    }

    private static IEnumerable<AuditDiffLine> Lines(string name, string? before, string? after)
    {
        if (before == after && after is not null)
        {
            yield return new(AuditDiffKind.Same, Words(name), after);
            yield break;
        }

        if (before is not null) yield return new(AuditDiffKind.Before, Words(name), before);
        if (after is not null) yield return new(AuditDiffKind.After, Words(name), after);
    }

    private static Dictionary<string, string> Flatten(JsonElement root, string side) =>
        root.TryGetProperty(side, out var value) && value.ValueKind != JsonValueKind.Null ? new(Flat("", value)) : [];

    private static IEnumerable<KeyValuePair<string, string>> Flat(string name, JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? value.EnumerateObject().SelectMany(property => Flat(name.Length == 0 ? property.Name : name + " " + property.Name, property.Value))
        : [KeyValuePair.Create(name.Length == 0 ? "value" : name, Said(value))];

    private static string Said(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "none",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array when value.GetArrayLength() == 0 => "none",
        JsonValueKind.Array when value.GetArrayLength() is > MostListed and var all => $"{string.Join(", ", value.EnumerateArray().Take(MostListed).Select(Said))} and {NumberText.Of(all - MostListed)} more",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Said)),
        _ => value.GetRawText(),
    };

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>textsPerMinute and texts_per_minute are both "texts per minute".</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0 && words[^1] != ' ') words.Append(' ');
            words.Append(letter == '_' ? ' ' : char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
