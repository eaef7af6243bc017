using System.Collections;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SmsAi.Tests.Platform.Faults.Points;

/// <summary>
/// Recognises the road's transactions by their own words; each is one batch and so one commit. The database's driver logs a batch before it
/// is sent, and traces its end after the commit.
/// </summary>
internal sealed class StatementWatch(FaultEngine faults) : ILoggerProvider, ILogger
{
    private static readonly (string[] Words, string? Before, string? After)[] Points =
    [
        (["insert into message_sids", "insert into queue"], FaultPoints.BeforeIntakeCommit, FaultPoints.AfterIntakeCommit),
        (["state = 'sending', attempt"], null, FaultPoints.AfterGateCommit),
        (["delete from queue", "answer_ms"], FaultPoints.BeforeSentCommit, FaultPoints.AfterSentCommit),
    ];

    public static void Begin(FaultEngine faults) => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = source => source.Name == "Npgsql",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        ActivityStopped = activity =>
        {
            var text = activity.TagObjects.FirstOrDefault(tag => tag.Key is "db.query.text" or "db.statement").Value as string;
            if (activity.Status != ActivityStatusCode.Error && PointsOf(text ?? "").After is { } after)
                faults.Reach(after);
        },
    });

    public static void AddTo(IServiceCollection services, FaultEngine faults)
    {
        services.AddSingleton<ILoggerProvider>(new StatementWatch(faults));
        services.PostConfigure<LoggerFilterOptions>(options =>
            options.Rules.Add(new LoggerFilterRule(typeof(StatementWatch).FullName, "Npgsql.Command", LogLevel.Debug, null)));
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Debug && eventId.Name?.StartsWith("Executing", StringComparison.Ordinal) == true
            && PointsOf(TextOf(state)).Before is { } before)
            faults.Reach(before);
    }

    public void Dispose() { }

    private static (string? Before, string? After) PointsOf(string text)
    {
        var (_, before, after) = Points.FirstOrDefault(point => point.Words.All(word => text.Contains(word, StringComparison.Ordinal)));
        return (before, after);
    }

    // A command's text, or those of a batch.
    private static string TextOf(object? state) => state is not IEnumerable<KeyValuePair<string, object?>> values ? ""
        : string.Join('\n', values.Select(value => value.Value is IEnumerable many and not string ? string.Join('\n', many.Cast<object?>()) : value.Value as string));
}
