using System.Text.Json;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>The data of an event by their short names; a name that is missing, empty, or holds something else is null.</summary>
public readonly struct EventData
{
    private readonly JsonElement _root;

    private EventData(JsonElement root) => _root = root;

    public static EventData Of(LedgerEvent entry) => new(entry.Json);

    public long? Number(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public string? Text(string name) => Find(name) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString() is { Length: > 0 } text ? text : null,
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => null,
    };

    private JsonElement? Find(string name) =>
        _root.ValueKind == JsonValueKind.Object && _root.TryGetProperty(name, out var value) ? value : null;
}
