using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;

namespace SmsAi.Core.Platform.Logging;

/// <summary>Writes an event as one line of JSON, redacted: what the files hold.</summary>
internal sealed class JsonLines(Redaction redaction) : ITextFormatter
{
    // Every control character is escaped by JSON itself; letters of all languages stay readable.
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("at", logEvent.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("level", logEvent.Level.ToString());
            json.WriteString("message", Clean(LogText.Message(logEvent)));
            if (logEvent.Exception is { } exception) json.WriteString("exception", Clean(exception.ToString()));
            if (logEvent.TraceId is { } trace) json.WriteString("trace", trace.ToHexString());
            foreach (var (name, value) in logEvent.Properties.OrderBy(property => property.Key, StringComparer.Ordinal))
                json.WriteString(Clean(name), Clean(LogText.Value(value)));
            json.WriteEndObject();
        }
        output.Write(System.Text.Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
        output.Write('\n');
    }

    string Clean(string text) => Redaction.OneLine(redaction.Clean(text));
}
