using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace SmsAi.Core.Platform.Logging;

/// <summary>The words of an event, its texts without the quotes Serilog puts around them.</summary>
internal static class LogText
{
    public static string Message(LogEvent logEvent)
    {
        using var words = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property && logEvent.Properties.TryGetValue(property.PropertyName, out var value) && value is ScalarValue { Value: string text })
                words.Write(text);
            else
                token.Render(logEvent.Properties, words, CultureInfo.InvariantCulture);
        }
        return words.ToString();
    }

    public static string Value(LogEventPropertyValue value) =>
        value is ScalarValue { Value: var scalar } ? Convert.ToString(scalar, CultureInfo.InvariantCulture) ?? "" : value.ToString(null, CultureInfo.InvariantCulture);
}
