using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Core.Pipeline;

/// <summary>
/// An orderly stop: no lease is taken from the signal on, model calls end without costing a try, sends in flight finish, and every lease is given
/// back before the process ends, so that another replica goes on at once.
/// </summary>
public sealed partial class RoadDrain(
    TurnRunner turns, TurnSlots slots, SettleBatch settlements, GateBatch gates, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<RoadDrain> logger) : IHostedService
{
    private static readonly TimeSpan SendsFinishWithin = TimeSpan.FromSeconds(15);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(slots.Close);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        slots.Close();
        var started = time.GetTimestamp();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20), time);
        while (turns.Running > 0 && time.GetElapsedTime(started) < SendsFinishWithin)
            await look.WaitForNextTickAsync(CancellationToken.None);
        if (turns.Running > 0)
            LogLeft(logger, turns.Running);
        await gates.DisposeAsync();
        await settlements.DisposeAsync();
    }

    [LoggerMessage(1130, LogLevel.Warning, "{Turns} turns had not ended; their leases will expire")]
    private static partial void LogLeft(ILogger logger, int turns);
}
