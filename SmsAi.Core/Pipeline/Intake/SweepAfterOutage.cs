using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Sweeps at once when texts may have been missed: after the program's start, and whenever the database comes back.</summary>
public sealed partial class SweepAfterOutage(
    InboundSweep sweep, DatabasePulse pulse, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<SweepAfterOutage> logger)
    : BackgroundService
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await lifetime.WaitUntilStartedAsync(stoppingToken);
            var seen = 0;
            while (true)
            {
                await pulse.WaitForReturnAsync(seen, stoppingToken);
                seen = pulse.Returns;
                while (!await SweepAsync(stoppingToken))
                    await Task.Delay(TryAgainAfter, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    // Another replica that is sweeping began after the return too, or the minutely sweep follows.
    private async Task<bool> SweepAsync(CancellationToken cancel)
    {
        try
        {
            return await sweep.RunOnceAsync(cancel) is null or { IsComplete: true };
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            // Whatever it was, texts may be missing: it is tried until it succeeds.
            LogFailed(fault.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(1024, LogLevel.Warning, "The sweep failed ({Fault}); it is tried again")]
    private partial void LogFailed(string fault);
}
