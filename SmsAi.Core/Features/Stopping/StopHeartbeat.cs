using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Stopping;

/// <summary>
/// Proves each minute that this replica's sends can still be stopped, and keeps the proof. A stop that lets the canary through, and five
/// minutes without a proof, are errors that stay until a person has seen to them.
/// </summary>
public sealed partial class StopHeartbeat(
    StopDrill drill, StopChecks checks, SwitchWatch watch, Replica replica, TimeProvider time, ILogger<StopHeartbeat> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(5);

    private DateTimeOffset _provedAt = time.GetUtcNow();
    private bool _hasBegun;
    private bool _isToldTooLong;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var proved = await BeatAsync(stoppingToken);
            await Task.Delay(proved ? Every : Soon, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One check, kept; true when it proved that the stop holds.</summary>
    internal async Task<bool> BeatAsync(CancellationToken cancel)
    {
        try
        {
            // At the start the switches have not been read yet, or not twice in time, and it would be no news that they aren't.
            if (watch.Latest is null || (!_hasBegun && watch.ClosedBy == "unknown"))
                return false;
            _hasBegun = true;
            var result = await drill.RunAsync(cancel);
            if (result.Fault is null && watch.ClosedBy == "unknown")
                result = result with { Fault = "unread" };
            await checks.KeepAsync(await replica.IdAsync(cancel), result, cancel);
            if (result.Fault is { } fault)
                Refuse(fault);
            else
                (_provedAt, _isToldTooLong) = (time.GetUtcNow(), false);
            return result.Fault is null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            LogNotChecked(fault.GetType().Name);
            TellIfTooLong();
            return false;
        }
    }

    private void Refuse(string fault)
    {
        if (fault == "leaked")
            LogLeaked();
        else
            LogNotChecked(fault);
        TellIfTooLong();
    }

    private void TellIfTooLong()
    {
        if (_isToldTooLong || time.GetUtcNow() - _provedAt < TooLong)
            return;
        _isToldTooLong = true;
        LogNotProved();
    }

    [LoggerMessage(2020, LogLevel.Warning, "It could not be proved that the service can be stopped ({Fault})")]
    private partial void LogNotChecked(string fault);

    [LoggerMessage(2021, LogLevel.Critical, "The stop did not hold a canary: sends may leave this replica though the service is stopped")]
    private partial void LogLeaked();

    [LoggerMessage(2022, LogLevel.Critical, "For five minutes it could not be proved that this replica can be stopped")]
    private partial void LogNotProved();
}
