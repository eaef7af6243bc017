using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Conversations;

/// <summary>
/// This replica's part in take-overs: ends the model calls whose conversation was taken, and gives back what was left idle. Neither keeps an
/// answer from leaving twice; the fence and the gate do.
/// </summary>
public sealed partial class TakeOverWatch(
    TakeOvers takeOvers, ModelCalls calls, LiveFeed live, IOptions<ConversationsOptions> options, TimeProvider time, ILogger<TakeOverWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan LooksEach = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SteadyWork.RunAsync(CancelAsync, logger, stoppingToken), SteadyWork.RunAsync(ReturnAsync, logger, stoppingToken));

    private async Task CancelAsync(CancellationToken stopping)
    {
        await foreach (var _ in live.ReadAsync([LiveTopics.TakeOvers], stopping))
            await TryAsync(() => calls.EndLostAsync(stopping), stopping);
    }

    private async Task ReturnAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LooksEach, time);
        while (await timer.WaitForNextTickAsync(stopping))
            await TryAsync(() => takeOvers.ReturnIdleAsync(options.Value.ReturnAfter, stopping), stopping);
    }

    private async Task TryAsync(Func<Task<int>> act, CancellationToken stopping)
    {
        try
        {
            await act();
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException && !stopping.IsCancellationRequested)
        {
            LogLater(logger, fault.GetType().Name);
        }
    }

    [LoggerMessage(2601, LogLevel.Warning, "Conversations were not looked after ({Fault}); it is tried again")]
    private static partial void LogLater(ILogger logger, string fault);
}
