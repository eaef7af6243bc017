using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Settings;

/// <summary>Brings what operators changed into force on this replica: before the road starts, at once on news, and every two seconds whatever happens to the news.</summary>
public sealed partial class SettingWatch(
    Databases databases, Schema schema, SettingCatalogue catalogue, SettingCheck check, ConsoleSettings console, LiveFeed live, ILogger<SettingWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _refused = [];
    private bool _isAway;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (schema.IsReady)
            await TryLookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Reads all and puts them in force; one that would be wrong here is left out and said.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await using var command = databases.Pages.CreateCommand(SettingSql.All);
        command.Parameters.Add(new() { Value = catalogue.All.Where(setting => setting.IsLive).Select(setting => setting.Key).ToArray() });
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            while (await row.ReadAsync(cancel))
            {
                if (!row.IsDBNull(1)) settings[row.GetString(0)] = row.GetString(1);
            }
        }

        foreach (var (key, value) in settings.ToList())
        {
            if (check.FaultOf(catalogue.Find(key)!, value) is null)
            {
                _refused.Remove(key);
                continue;
            }

            settings.Remove(key);
            if (_refused.Add(key)) LogRefused(key);
        }

        console.Replace(settings);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var wake = new SemaphoreSlim(0, 1);
        await Task.WhenAll(
            SteadyWork.RunAsync(stopping => ListenAsync(wake, stopping), logger, stoppingToken), SteadyWork.RunAsync(stopping => WatchAsync(wake, stopping), logger, stoppingToken));
    }

    private async Task WatchAsync(SemaphoreSlim wake, CancellationToken stoppingToken)
    {
        try
        {
            await schema.WaitUntilReadyAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await TryLookAsync(stoppingToken);
                await wake.WaitAsync(Every, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private async Task TryLookAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
            _isAway = false;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException && !cancel.IsCancellationRequested)
        {
            if (!_isAway) LogAway(fault.GetType().Name);
            _isAway = true;
        }
    }

    private async Task ListenAsync(SemaphoreSlim wake, CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in live.ReadAsync([LiveTopics.Settings], stopping))
            {
                if (wake.CurrentCount == 0) wake.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    [LoggerMessage(2401, LogLevel.Error, "The setting {Key} in the database is not allowed here; the value of file, environment or default stays in force")]
    private partial void LogRefused(string key);

    [LoggerMessage(2402, LogLevel.Warning, "The changed settings could not be read ({Fault}); the last known stay in force")]
    private partial void LogAway(string fault);
}
