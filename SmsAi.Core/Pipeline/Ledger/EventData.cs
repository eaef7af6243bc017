using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>The data of an event by their short names; a name that is missing, empty, or holds something else is null.</summary>
public sealed class EventData
{
    private static readonly EventData None = new([], []);

    private readonly byte[] _json;
    private readonly Field[] _fields;

    private EventData(byte[] json, Field[] fields) => (_json, _fields) = (json, fields);

    public static EventData Of(LedgerEvent entry) => entry.Fields;

    /// <param name="json">An object in UTF-8. Only where its values stand is noted: most are never asked for.</param>
    internal static EventData Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return None;
        var fields = new List<Field>(16);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, length) = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            reader.Read();
            fields.Add(new Field(name, length, reader.TokenType, (int)reader.TokenStartIndex, reader.ValueSpan.Length));
            reader.Skip();
        }

        return new EventData(json, [.. fields]);
    }

    public long? Number(string name) =>
        Find(name) is { Kind: JsonTokenType.Number } field && Utf8Parser.TryParse(Raw(field), out long number, out var read) && read == field.Length
            ? number
            : null;

    public string? Text(string name) => Find(name) switch
    {
        { Kind: JsonTokenType.String, Length: > 0 } field => Unescaped(field),
        { Kind: JsonTokenType.Number } field => Encoding.UTF8.GetString(Raw(field)),
        _ => null,
    };

    private Field? Find(string name)
    {
        foreach (var field in _fields)
        {
            if (Ascii.Equals(_json.AsSpan(field.Name, field.NameLength), name))
                return field;
        }

        return null;
    }

    private ReadOnlySpan<byte> Raw(Field field) => _json.AsSpan(field.Value, field.Length);

    private string? Unescaped(Field field)
    {
        // With its quotes.
        var reader = new Utf8JsonReader(_json.AsSpan(field.Value, field.Length + 2));
        reader.Read();
        return reader.GetString();
    }

    private readonly record struct Field(int Name, int NameLength, JsonTokenType Kind, int Value, int Length);
}
