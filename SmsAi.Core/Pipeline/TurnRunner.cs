using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Pipeline;

/// <summary>
/// Runs leased turns: flow, settlement, and the conversation's next text under the same lease. Nothing here outlives the process:
/// a turn that dies is found by its lease.
/// </summary>
public sealed partial class TurnRunner(
    Databases databases, Lazy<InboundFlow> flow, SettleBatch settlements, LeaseKeeper leases, TurnLoader loader, TurnSlots slots, Retries retries, LiveFeed live,
    IHostApplicationLifetime lifetime, ILogger<TurnRunner> logger) : ITurnStarter
{
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(60);

    private int _running;

    public int Running => Volatile.Read(ref _running);

    /// <summary>Begins a turn whose slot is already taken; the slot is given back at its end.</summary>
    public void Start(Turn turn)
    {
        Interlocked.Increment(ref _running);
        // Behind what is under way already, such as the answers to the webhooks of the same commit.
        ThreadPool.UnsafeQueueUserWorkItem(static run => _ = run.Runner.RunAsync(run.Turn), (Runner: this, Turn: turn), preferLocal: false);
    }

    private async Task RunAsync(Turn first)
    {
        try
        {
            for (Turn? turn = first; turn is not null;)
                turn = await RunOneAsync(turn);
        }
        catch (Exception fault)
        {
            // The lease runs out and the rescuer finds the item; the crash is counted there.
            databases.Road.BeginAnewAfter(fault);
            LogRunEnded(logger, fault, first.ConversationId);
        }
        finally
        {
            slots.Give(1);
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<Turn?> RunOneAsync(Turn turn)
    {
        leases.Hold(turn);
        try
        {
            var settled = await SettleAsync(await EndOfAsync(turn));
            live.Publish("messages");
            if (!settled.Kept)
                LogLeaseLost(logger, turn.ConversationId);
            if (settled.NextItem is not { } next)
                return null;
            var turns = await loader.LoadAsync([(next, turn.Fence)], CancellationToken.None);
            return turns.Count == 0 ? null : turns[0];
        }
        finally
        {
            leases.Drop(turn);
            slots.End(turn);
        }
    }

    private async Task<Settlement> EndOfAsync(Turn turn)
    {
        try
        {
            return await flow.Value.RunAsync(turn, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Given back untouched; another replica, or this one after its restart, goes on at once.
            return new Settlement(turn, QueueAct.Again);
        }
        catch (NpgsqlException fault)
        {
            databases.Road.BeginAnewAfter(fault);
            LogFault(logger, fault, turn.ItemId);
            return retries.Again(turn, "database", TimeSpan.FromSeconds(1), countsAsTry: false) with { OutboundState = null };
        }
        catch (Exception fault)
        {
            LogFault(logger, fault, turn.ItemId);
            return Broken(turn, fault);
        }
    }

    private Settlement Broken(Turn turn, Exception fault)
    {
        if (!retries.IsLast(turn))
            return retries.Again(turn, fault.GetType().Name) with { OutboundState = null };
        return new Settlement(turn, QueueAct.Dead)
        {
            CountsAsTry = true,
            Fault = fault.GetType().Name,
            InboundState = turn.Outbound is null ? "dead_letter" : null,
            OutboundState = turn.Outbound is { State: "sending" or "uncertain" } ? "needs_person" : turn.Outbound is null ? null : "dead_letter",
            EventType = EventTypes.DeadLetter,
            EventData = $$"""{"m":{{turn.Outbound?.Id ?? turn.ItemId}},"why":"fault"}""",
        };
    }

    /// <summary>The database may be away just now; what came to be settled meanwhile is not settled twice, and giving up leaves an uncertain send.</summary>
    private async Task<Settled> SettleAsync(Settlement end)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await settlements.AddAsync(end);
            }
            catch (Exception fault) when (fault is NpgsqlException { IsTransient: true } or TimeoutException or InvalidOperationException
                && Stopwatch.GetElapsedTime(started) < SettlesWithin)
            {
                await Task.Delay(250);
            }
        }
    }

    [LoggerMessage(1110, LogLevel.Error, "A run of conversation {ConversationId} ended without settlement; its lease will expire")]
    private static partial void LogRunEnded(ILogger logger, Exception fault, long conversationId);

    [LoggerMessage(1111, LogLevel.Warning, "lease_lost: a late result of conversation {ConversationId} changed nothing")]
    private static partial void LogLeaseLost(ILogger logger, long conversationId);

    [LoggerMessage(1112, LogLevel.Error, "Message {MessageId} met a fault")]
    private static partial void LogFault(ILogger logger, Exception fault, long messageId);
}
