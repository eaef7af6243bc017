using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Pipeline.Routing;
using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Core.Pipeline;

/// <summary>
/// The road of a text, top to bottom: poison check, routing, the refusals, the model. What it ends with goes out by <see cref="OutboundFlow"/>.
/// This file and that one are the only places where the stages meet.
/// </summary>
public sealed class InboundFlow(
    PoisonCheck poison, Router router, SenderRules senders, Staleness staleness, SenderLimits limits, Answerer answerer, OutboundFlow outbound)
{
    public async Task<Settlement> RunAsync(Turn turn, CancellationToken stopping)
    {
        if (poison.Check(turn) is { } poisoned)
            return poisoned;
        // Checkpoint 0: an item with an outbound message was answered before; the model is not asked again.
        if (turn.Outbound is not null)
            return await outbound.RunAsync(turn, draft: null, stopping);

        if (router.Decide(turn) is Route.Silence silence)
            return Settlement.Ignore(turn, silence.State, silence.Why);
        var refusal = senders.Check(turn)
            ?? staleness.Check(turn)
            ?? await limits.CheckAsync(turn, stopping);
        if (refusal is not null)
            return await RefuseAsync(turn, refusal, stopping);

        return await answerer.AnswerAsync(turn, router.Decide(turn), stopping) switch
        {
            Answered.Text answered => await outbound.RunAsync(turn, answered.Draft, stopping),
            Answered.NotYet notYet => notYet.End,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<Settlement> RefuseAsync(Turn turn, Refusal refusal, CancellationToken stopping) =>
        refusal.Notice is null || !turn.Person.Preferences.SmsNotices
            ? Settlement.Ignore(turn, refusal.State, refusal.Why)
            : await outbound.RunAsync(turn, new Draft("notice", refusal.Notice, Segments.Count(refusal.Notice).Segments), stopping);
}
