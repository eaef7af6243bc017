using System.Globalization;
using Serilog.Core;
using Serilog.Events;

namespace SmsAi.Core.Platform.Logging;

/// <summary>What makes two logged errors the same: the place, the words in the code, and the kind of exception.</summary>
internal readonly record struct FaultKind(string Source, string Template, LogEventLevel Level, Type? Exception);

/// <summary>An error that was logged, as often as it was; the first stands for all.</summary>
internal sealed class Fault(LogEvent first)
{
    private const int MostCorrelations = 20;

    // Where it was told to a person, which message it was about, or which request.
    private static readonly string[] CorrelationNames = ["CorrelationId", "MessageId"];

    public FaultKind Kind { get; } = new(Text(first, Constants.SourceContextPropertyName), first.MessageTemplate.Text, first.Level, first.Exception?.GetType());

    public LogEvent First { get; } = first;

    public long Count { get; private set; } = 1;

    public DateTimeOffset LastAt { get; private set; } = first.Timestamp;

    /// <summary>The newest of them.</summary>
    public List<string> Correlations { get; } = CorrelationOf(first);

    /// <summary>The name of the event in the code: a <c>[LoggerMessage]</c> method's; empty when it has none.</summary>
    public string EventName { get; } =
        first.Properties.GetValueOrDefault("EventId") is StructureValue structure
        && structure.Properties.FirstOrDefault(property => property.Name == "Name")?.Value is ScalarValue { Value: string name } ? name : "";

    /// <summary>A copy that counts on by itself.</summary>
    public static Fault Copy(Fault fault)
    {
        var copy = new Fault(fault.First) { Count = fault.Count, LastAt = fault.LastAt };
        copy.Correlations.Clear();
        copy.Correlations.AddRange(fault.Correlations);
        return copy;
    }

    public void Add(Fault other)
    {
        Count += other.Count;
        LastAt = other.LastAt > LastAt ? other.LastAt : LastAt;
        Correlations.AddRange(other.Correlations.Except(Correlations).ToList());
        if (Correlations.Count > MostCorrelations)
            Correlations.RemoveRange(0, Correlations.Count - MostCorrelations);
    }

    private static List<string> CorrelationOf(LogEvent logEvent)
    {
        var named = CorrelationNames.Select(name => Text(logEvent, name)).FirstOrDefault(text => text.Length > 0);
        return (named ?? logEvent.TraceId?.ToHexString()) is { } correlation ? [correlation] : [];
    }

    private static string Text(LogEvent logEvent, string name) =>
        logEvent.Properties.GetValueOrDefault(name) is ScalarValue { Value: { } value } ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" : "";
}
