using Npgsql;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Redis;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Stopping;

/// <summary>
/// Keeps this replica's rail true: the switches at once on news and every second anyway, their receipts while something is stopped,
/// and every ten seconds a drill that proves the service could be stopped.
/// </summary>
internal sealed partial class RailWatch(
    RailSource rail, StopSwitches switches, StopDrill drill, RedisConnection redis, LiveFeed live, IHostEnvironment environment,
    TimeProvider time, ILogger<RailWatch> log) : BackgroundService
{
    private const int BeatsShown = 14;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrillEvery = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _news = new(0, 1);

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rail.Update(model => model with { Environment = environment.EnvironmentName });
        return Task.WhenAll(
            UntilStoppedAsync(ListenAsync, stoppingToken), UntilStoppedAsync(LookAsync, stoppingToken), UntilStoppedAsync(DrillAsync, stoppingToken));
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await foreach (var _ in live.ReadAsync([LiveTopics.Controls, LiveTopics.Queue], cancel))
        {
            if (_news.CurrentCount == 0) _news.Release();
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        while (true)
        {
            await LookOnceAsync(cancel);
            await _news.WaitAsync(LookEvery, cancel);
        }
    }

    /// <summary>One reading of the switches, shown.</summary>
    internal async Task LookOnceAsync(CancellationToken cancel)
    {
        try
        {
            var state = await switches.ReadAsync(cancel);
            var ver = state.IsKilled ? state.Kill.Ver : state.IsPaused ? state.Pause.Ver : 0;
            var receipt = ver > 0 ? await switches.ReceiptAsync(ver, cancel) : null;
            rail.Update(model => RailWords.Apply(model, state, receipt, Troubles(databaseIsAway: false)));
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            rail.Update(model => model with { Troubles = Troubles(databaseIsAway: true) });
        }
    }

    private async Task DrillAsync(CancellationToken cancel)
    {
        while (true)
        {
            var beat = await DrillOnceAsync(cancel);
            rail.Update(model => model with
            {
                Beats = [.. model.Beats.TakeLast(BeatsShown - 1), beat],
                StopVerifiedAt = beat == Heartbeat.Missed ? model.StopVerifiedAt : time.GetUtcNow(),
            });
            await Task.Delay(DrillEvery, time, cancel);
        }
    }

    private async Task<Heartbeat> DrillOnceAsync(CancellationToken cancel)
    {
        try
        {
            return (await drill.RunAsync(cancel)).IsInTime ? Heartbeat.InTime : Heartbeat.Late;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            LogMissed(fault.GetType().Name);
            return Heartbeat.Missed;
        }
    }

    private List<string> Troubles(bool databaseIsAway)
    {
        var troubles = new List<string>();
        if (databaseIsAway) troubles.Add("The database doesn't answer");
        if (redis is { IsConfigured: true, IsUp: false }) troubles.Add("Redis is away");
        return troubles;
    }

    private static async Task UntilStoppedAsync(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        try
        {
            await work(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    [LoggerMessage(7200, LogLevel.Warning, "The drill of the stop failed ({Fault})")]
    private partial void LogMissed(string fault);
}
