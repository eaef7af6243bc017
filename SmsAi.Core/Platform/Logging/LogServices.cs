using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Extensions.Logging;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Platform.Logging;

/// <summary>Sends every log to the console and to app.log, errors.log and migration.log, each 15 MiB × 10, one redacted line an event.</summary>
public static class LogServices
{
    const long FileBytes = 15 * 1024 * 1024;
    const int Files = 10;

    internal static readonly Meter Meter = new("SmsAi.Logging");
    static readonly Counter<long> Dropped = Meter.CreateCounter<long>("smsai.logs.dropped", description: "Log events that could not be written.");

    /// <summary>Chatty or indiscreet at Information (commands, addresses with numbers in them); <c>Logging:LogLevel</c> can open them.</summary>
    static readonly string[] Quiet = ["Microsoft", "System.Net.Http", "Npgsql", "Quartz"];

    /// <summary>What repeats below this level what operators type, as arguments or in addresses. No configuration opens them.</summary>
    static readonly (string Source, LogEventLevel Least)[] Discreet =
    [
        ("Microsoft.AspNetCore.SignalR", LogEventLevel.Information), ("Microsoft.AspNetCore.Http.Connections", LogEventLevel.Information),
        ("Microsoft.AspNetCore.Components", LogEventLevel.Information), ("Microsoft.AspNetCore.Hosting", LogEventLevel.Warning),
    ];

    /// <param name="contentRoot">Where <c>logs</c> is made unless <c>Logs:Folder</c> or <c>Data:Folder</c> says otherwise.</param>
    public static IServiceCollection AddLogs(this IServiceCollection services, IConfiguration configuration, string contentRoot)
    {
        services.AddLogging(logging => logging.ClearProviders());
        // Made with the first logger, when the configuration is complete and its secrets are known.
        services.AddSingleton<ILoggerProvider>(provider =>
            new SerilogLoggerProvider(Create(configuration, contentRoot, provider.GetRequiredService<FaultCollector>()), dispose: true));
        services.AddSingleton<FaultCollector>();
        return services.PostConfigure<LoggerFilterOptions>(options =>
        {
            // In front, so that whatever is configured wins.
            foreach (var category in Quiet) options.Rules.Insert(0, new LoggerFilterRule(null, category, LogLevel.Warning, null));
            options.Rules.Add(new LoggerFilterRule(null, "Microsoft.Hosting.Lifetime", LogLevel.Information, null));
        });
    }

    /// <summary>Errors also become rows of error_logs, for screens and statistics.</summary>
    public static IServiceCollection AddKeptFaults(this IServiceCollection services, IConfiguration configuration) =>
        services.AddHostedService(provider => new FaultWriter(
            provider.GetRequiredService<FaultCollector>(), provider.GetRequiredService<Databases>(), Redaction.Of(configuration),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<FaultWriter>>()));

    internal static Logger Create(IConfiguration configuration, string contentRoot, FaultCollector faults)
    {
        SelfLog.Enable(_ => Dropped.Add(1));
        var redaction = Redaction.Of(configuration);
        var folder = HostFolders.Logs(configuration, contentRoot);
        return new LoggerConfiguration()
            .MinimumLevel.Verbose() // The framework's own filters decide.
            .Enrich.FromLogContext()
            .Filter.ByExcluding(IsSaidInASentence)
            .Filter.ByExcluding(RepeatsWhatIsTyped)
            .WriteTo.Console(new TextLines(redaction))
            .WriteTo.File(new JsonLines(redaction), Path.Combine(folder, "app.log"), fileSizeLimitBytes: FileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: Files)
            .WriteTo.File(new JsonLines(redaction), Path.Combine(folder, "errors.log"), LogEventLevel.Error, fileSizeLimitBytes: FileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: Files)
            .WriteTo.Sink(faults, LogEventLevel.Error)
            .WriteTo.Logger(migrations => migrations
                .Filter.ByIncludingOnly(IsMigration)
                .WriteTo.File(new JsonLines(redaction), Path.Combine(folder, "migration.log"), fileSizeLimitBytes: FileBytes, rollOnFileSizeLimit: true, retainedFileCountLimit: Files))
            .CreateLogger();
    }

    /// <summary>
    /// The host logs with its stack what the program then says in a sentence: a schema that doesn't fit, an address in use. The services it had
    /// started by then are cancelled, which it logs as the failure of each.
    /// </summary>
    static bool IsSaidInASentence(LogEvent logEvent) => logEvent.Exception switch
    {
        MigrationException or IOException => logEvent.MessageTemplate.Text == "Hosting failed to start",
        OperationCanceledException => SourceOf(logEvent) == "Microsoft.Extensions.Hosting.Internal.Host",
        _ => false,
    };

    static bool RepeatsWhatIsTyped(LogEvent logEvent) =>
        SourceOf(logEvent) is { } name && Discreet.Any(one => logEvent.Level < one.Least && name.StartsWith(one.Source, StringComparison.Ordinal));

    static bool IsMigration(LogEvent logEvent) => SourceOf(logEvent) is { } name && (name == typeof(MigrationRunner).FullName || name == typeof(Schema).FullName);

    static string? SourceOf(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var source) && source is ScalarValue { Value: string name } ? name : null;
}
