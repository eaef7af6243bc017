using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace SmsAi.Core.Platform.Logging;

/// <summary>Writes an event as one line for a person at the console, redacted.</summary>
internal sealed class TextLines(Redaction redaction) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        var source = logEvent.Properties.TryGetValue("SourceContext", out var context) && context is ScalarValue { Value: string name }
            ? name[(name.LastIndexOf('.') + 1)..] : "";
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        output.Write($" {Word(logEvent.Level)} ");
        if (source.Length > 0) output.Write($"{Clean(source)}: ");
        output.Write(Clean(LogText.Message(logEvent)));
        if (logEvent.Exception is { } exception) output.Write(" | " + Clean(exception.ToString()));
        output.Write('\n');
    }

    string Clean(string text) => Redaction.OneLine(redaction.Clean(text));

    static string Word(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info ",
        LogEventLevel.Warning => "WARN ",
        LogEventLevel.Error => "ERROR",
        _ => "FATAL",
    };
}
