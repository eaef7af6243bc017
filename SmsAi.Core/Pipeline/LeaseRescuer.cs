using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Pipeline;

/// <summary>
/// Finds what no worker has in hand: retries that are due, texts that found no free slot, expired leases of dead replicas, and what a switch held
/// and no longer holds. News and freed slots wake it, polling is the guarantee.
/// </summary>
public sealed partial class LeaseRescuer(
    Databases databases, QueueStore store, HeldSends held, TurnLoader loader, TurnSlots slots, ITurnStarter starter, LiveFeed live, IOptions<QueueOptions> options,
    TimeProvider time, ILogger<LeaseRescuer> logger) : BackgroundService
{
    /// <summary>Answers, people's sends and broadcasts each get a share of every round, so that none starves.</summary>
    private static readonly (short Class, double Share)[] Shares =
        [(QueueClass.Answers, 1), (QueueClass.Manual, 0.5), (QueueClass.Broadcasts, 0.25)];

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim _wake = new(0, 1);
    private long? _noSuspectAt;

    /// <summary>One round: wake, claim, load, start. Returns how many turns were started.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        if (await store.HoldsAnyAsync(cancel))
        {
            await store.WakeTextsAsync(cancel);
            await held.WakeAsync(cancel);
        }

        var started = await StartSuspectAsync(cancel);
        foreach (var (queueClass, share) in Shares)
            started += await StartAsync(Math.Max(1, (int)(64 * share)), room => store.ClaimAsync(queueClass, room, cancel));
        return started;
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        slots.Freed += Wake;
        await Task.WhenAll(SteadyWork.RunAsync(ListenAsync, logger, stoppingToken), SteadyWork.RunAsync(RescueAsync, logger, stoppingToken));
        slots.Freed -= Wake;
    }

    private async Task RescueAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) > 0)
                {
                    // More may be due than one round had room for.
                }

                // At full load slots are freed one by one; one claim for those of a moment.
                if (await _wake.WaitAsync(options.Value.Poll, stoppingToken))
                    await Task.Delay(Gather, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                databases.Road.BeginAnewAfter(fault);
                LogRoundFailed(logger, fault.GetType().Name);
                await Task.Delay(options.Value.Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var _ in live.ReadAsync(["queue", "controls"], stopping))
                Wake();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>After one, the next is looked for at once; without any, once in a while.</summary>
    private async Task<int> StartSuspectAsync(CancellationToken cancel)
    {
        if (slots.IsSuspectRunning || _noSuspectAt is { } looked && time.GetElapsedTime(looked) < options.Value.Poll)
            return 0;
        _noSuspectAt = null;
        foreach (var (queueClass, _) in Shares)
        {
            if (await StartAsync(1, _ => store.ClaimSuspectAsync(queueClass, cancel)) > 0)
                return 1;
        }

        _noSuspectAt = time.GetTimestamp();
        return 0;
    }

    private async Task<int> StartAsync(int atMost, Func<int, Task<List<(long ItemId, long Fence)>>> claimAsync)
    {
        var room = slots.TakeUpTo(atMost);
        if (room == 0)
            return 0;
        var started = 0;
        try
        {
            var items = await claimAsync(room);
            if (items.Count == 0)
                return 0;
            var turns = await loader.LoadAsync(items, CancellationToken.None);
            var lost = items.Select(item => item.ItemId).Except(turns.Select(turn => turn.ItemId)).ToList();
            if (lost.Count > 0)
                await store.DropAsync(lost, CancellationToken.None);
            foreach (var turn in turns)
            {
                started++;
                slots.Begin(turn);
                starter.Start(turn);
            }

            return started;
        }
        finally
        {
            slots.Give(room - started);
        }
    }

    [LoggerMessage(1120, LogLevel.Warning, "The queue could not be read: {Fault}")]
    private static partial void LogRoundFailed(ILogger logger, string fault);
}
