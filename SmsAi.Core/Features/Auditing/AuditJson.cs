using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SmsAi.Core.Features.Auditing;

/// <summary>A row of the trail as JSON, the same in exports, in the file outside and in what is posted.</summary>
internal static class AuditJson
{
    public static JsonWriterOptions Written { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line, without its end.</summary>
    public static byte[] Of(AuditLine row) => Bytes(json => Write(json, row));

    /// <summary>What is posted.</summary>
    public static byte[] Of(IReadOnlyList<AuditLine> rows, DateTimeOffset at) => Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "audit.rows");
        json.WriteString("timestamp", Time(at));
        json.WriteStartArray("data");
        foreach (var row in rows) Write(json, row);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static void Write(Utf8JsonWriter json, AuditLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("row", line.Id);
        json.WriteString("time", Time(line.At));
        json.WriteString("who", line.Actor);
        if (line.ActorId is { } id) json.WriteNumber("whoId", id);
        json.WriteString("role", line.Role);
        json.WriteString("act", line.Action);
        json.WriteString("on", line.Resource);
        json.WriteString("from", line.Address);
        json.WriteString("session", line.Session);
        json.WritePropertyName("metadata");
        json.WriteRawValue(line.Metadata);
        json.WriteString("previousHash", Convert.ToHexStringLower(line.PreviousHash));
        json.WriteString("hash", Convert.ToHexStringLower(line.Hash));
        json.WriteEndObject();
    }

    public static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, Written))
            write(json);
        return memory.ToArray();
    }
}
