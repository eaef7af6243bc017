using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Core.Pipeline;

/// <summary>
/// The road of what we send, top to bottom: certainty about an earlier try, staleness, the carrier's pace, the gate, the call, its outcome.
/// "sending" is committed before the carrier is called; what may have left is looked up before it is sent again.
/// </summary>
public sealed partial class OutboundFlow(
    Reconciler reconciler, Staleness staleness, CarrierCircuit circuit, SendPace pace, SendSlots slots, GateBatch gate, Ids ids,
    IAnswerGate switches, ICarrier carrier, SendOutcomes outcomes, RecentTurns recent, SenderLimits limits,
    IOptions<QueueOptions> options, ILogger<OutboundFlow> logger)
{
    /// <summary>A gate older than this is asked again: time spent waiting for the thread or the network is time a stop may have come in.</summary>
    private static readonly TimeSpan GateHoldsFor = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromMilliseconds(200);

    /// <summary>A database that takes longer than that for each commit would let nothing out.</summary>
    private const int AsksAtMost = 3;

    public async Task<Settlement> RunAsync(Turn turn, Draft? draft, CancellationToken stopping)
    {
        var absent = false;
        if (turn.Outbound is { } outbound)
        {
            var certainty = await reconciler.ResolveAsync(turn, outbound, stopping);
            if (certainty.End is not null)
                return certainty.End;
            absent = certainty.IsAbsent;
            if (outbound.Kind != "manual" && staleness.Check(turn) is not null)
                return SendOutcomes.Stale(turn);
        }

        if (circuit.Allow(1) == 0)
            return await StoreAsync(turn, draft, () => outcomes.Wait(turn, WhyNothingLeaves(), circuit.UntilNext()));
        draft = await AwaitPaceAsync(turn, draft, stopping);
        var slot = slots.TryTake(turn.Class);
        if (slot is null)
        {
            draft = await StoreAheadAsync(turn, draft);
            slot = await slots.TakeAsync(turn.Class, stopping);
        }

        using (slot)
            return await SendAsync(turn, draft, absent, stopping);
    }

    private async Task<Settlement> SendAsync(Turn turn, Draft? draft, bool absent, CancellationToken stopping)
    {
        if (draft is null && turn.Outbound is null)
        {
            // The lease was lost before the answer could be kept: there is nothing to ask the gate about.
            pace.GiveBack(1);
            return new Settlement(turn, QueueAct.Again);
        }

        var (asks, started) = (0, 0L);
        SendResult result;
        for (var again = absent; ; again = true)
        {
            var answer = await gate.AddAsync(new GateRequest(turn, draft, await NewIdAsync(draft), WantsGate: true) { Again = again, Absent = absent });
            Remember(turn, draft, answer);
            draft = null;
            if (!answer.IsOpen)
                return await ClosedAsync(turn, answer, stopping);
            // The reading of the switches is only a second look; the gate's own statement has decided.
            if (switches.ClosedBy is "kill")
                return Settlement.Hold(turn, "kill");
            if (Stopwatch.GetElapsedTime(answer.At) >= GateHoldsFor || (Stopwatch.GetElapsedTime(answer.AskedAt) >= AnsweredWithin && ++asks < AsksAtMost))
                continue;

            // Checkpoint 3: "sending" is committed. Dying from here on leaves an uncertain send, which the reconciler resolves.
            started = Stopwatch.GetTimestamp();
            result = await carrier.SendAsync(Request(turn, answer), CancellationToken.None);
            // Nothing left, and somebody else may have this conversation by now.
            if (result is not SendResult.TooLate || ++asks >= AsksAtMost)
                break;
        }

        circuit.Observe(result);
        if (result is SendResult.Throttled)
            pace.SlowDown();
        // Checkpoint 4: the carrier has answered; until the settlement commits, a crash makes it uncertain again, never lost.
        return outcomes.Of(turn, result, Stopwatch.GetElapsedTime(started), circuit.UntilNext());
    }

    /// <summary>
    /// What waits in here for a connection, or for the processor, until others have looked its send up in vain would leave a second time:
    /// its last moment is long before they look.
    /// </summary>
    private SendRequest Request(Turn turn, GateAnswer answer) => new(turn.Outbound!.Id, turn.Person.Address, turn.Outbound.Text, turn.OurNumber)
    {
        LastMoment = answer.AskedAt + (long)(options.Value.Settle.TotalSeconds / 2 * Stopwatch.Frequency),
    };

    private async Task<Settlement> ClosedAsync(Turn turn, GateAnswer answer, CancellationToken stopping)
    {
        pace.GiveBack(1);
        if (answer.Stored is null)
            return new Settlement(turn, QueueAct.Again);
        var (holdsLease, closed) = await gate.DiagnoseAsync(turn, stopping);
        if (!holdsLease)
            LogLeaseLost(logger, turn.ConversationId);
        // Nobody was told it: the next answer must not build on it.
        if (closed is { EndsAs: not null })
            await recent.ForgetAsync(turn.ConversationId, stopping);
        return closed switch
        {
            null => new Settlement(turn, QueueAct.Again),
            { EndsAs: { } state } => SendOutcomes.Ended(turn, state, closed.Name),
            _ => Settlement.Hold(turn, closed.Name),
        };
    }

    private string WhyNothingLeaves() => circuit.Open is { Trouble: CarrierTrouble.RefusesAccount } ? SendOutcomes.RefusesAccount : SendOutcomes.Unreachable;

    /// <summary>Nothing may go now: the answer is kept, so that the model is not asked again.</summary>
    private async Task<Settlement> StoreAsync(Turn turn, Draft? draft, Func<Settlement> end)
    {
        await StoreAheadAsync(turn, draft);
        return end();
    }

    private async Task<Draft?> AwaitPaceAsync(Turn turn, Draft? draft, CancellationToken stopping)
    {
        while (pace.Take(1) == 0)
        {
            draft = await StoreAheadAsync(turn, draft);
            await Task.Delay(pace.UntilNext() + TimeSpan.FromMilliseconds(1), stopping);
        }

        return draft;
    }

    private async Task<Draft?> StoreAheadAsync(Turn turn, Draft? draft)
    {
        if (draft is not null)
            Remember(turn, draft, await gate.AddAsync(new GateRequest(turn, draft, await NewIdAsync(draft), WantsGate: false)));
        return null;
    }

    private void Remember(Turn turn, Draft? draft, GateAnswer answer)
    {
        if (answer.Stored is null)
            return;
        turn.Outbound = answer.Stored;
        if (draft is not { Kind: "answer" })
            return;
        recent.Remember(turn, draft.Text);
        limits.Answered(turn, draft.Text);
    }

    private async ValueTask<long?> NewIdAsync(Draft? draft) => draft is null ? null : (await ids.Messages.TakeAsync(1, CancellationToken.None))[0];

    [LoggerMessage(1501, LogLevel.Warning, "lease_lost: conversation {ConversationId} went to another replica; nothing was sent")]
    private static partial void LogLeaseLost(ILogger logger, long conversationId);
}
