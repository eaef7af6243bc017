using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>
/// The fields of a webhook beside those we work with (place, media, WhatsApp, and whatever Twilio adds tomorrow), kept under
/// Twilio's names in arrival order and stored as one piece of JSON.
/// </summary>
public sealed class WebhookFields(IReadOnlyList<KeyValuePair<string, string>> all)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly WebhookFields None = new([]);

    public IReadOnlyList<KeyValuePair<string, string>> All => all;

    public bool IsEmpty => all.Count == 0;

    /// <summary>The first value under this name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            for (var index = 0; index < all.Count; index++)
                if (all[index].Key == name) return all[index].Value;
            return null;
        }
    }

    /// <summary>One JSON object; a name that came more than once holds a list. Null when there is nothing to store.</summary>
    public string? ToJson()
    {
        if (IsEmpty) return null;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            for (var index = 0; index < all.Count; index++)
                if (FirstOf(all[index].Key) == index) Write(json, index);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads back what <see cref="ToJson"/> wrote.</summary>
    public static WebhookFields FromJson(string? json)
    {
        if (string.IsNullOrEmpty(json)) return None;
        using var document = JsonDocument.Parse(json);
        return new WebhookFields([.. document.RootElement.EnumerateObject().SelectMany(property =>
            property.Value.ValueKind == JsonValueKind.Array
                ? property.Value.EnumerateArray().Select(item => KeyValuePair.Create(property.Name, item.GetString() ?? ""))
                : [KeyValuePair.Create(property.Name, property.Value.GetString() ?? "")])]);
    }

    private int FirstOf(string name)
    {
        for (var index = 0; index < all.Count; index++)
            if (all[index].Key == name) return index;
        return -1;
    }

    private void Write(Utf8JsonWriter json, int first)
    {
        var (name, value) = all[first];
        json.WritePropertyName(name);
        var isRepeated = false;
        for (var index = first + 1; index < all.Count && !isRepeated; index++) isRepeated = all[index].Key == name;
        if (!isRepeated)
        {
            json.WriteStringValue(value);
            return;
        }

        json.WriteStartArray();
        for (var index = first; index < all.Count; index++)
            if (all[index].Key == name) json.WriteStringValue(all[index].Value);
        json.WriteEndArray();
    }
}
