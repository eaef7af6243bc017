using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Routing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Asks the model for one answer: only while no switch forbids it, with the last turns as context, within the tries there are.</summary>
public sealed partial class Answerer(
    IChatModel model, ModelCalls calls, IAnswerGate gate, TierLimits tiers, RecentTurns recent, Prices prices, Retries retries, PhoneHasher hasher,
    IOptions<OpenAiOptions> openAi, IOptions<RepliesOptions> replies, ILogger<Answerer> logger)
{
    public async Task<Answered> AnswerAsync(Turn turn, Route route, CancellationToken stopping)
    {
        if (gate.ClosedBy is { } closed)
            return new Answered.NotYet(Settlement.Hold(turn, closed));
        if (gate.IsHeld(turn))
            return new Answered.NotYet(Settlement.Hold(turn, IAnswerGate.Held));

        await prices.ReadyAsync();
        var tier = await tiers.OfAsync(turn.Person.TierId, stopping);
        var turns = await recent.LoadAsync(turn, tier.ContextTurns, stopping);
        var request = new ModelRequest(
            PromptFor(turn), [.. turns, new ModelTurn(ModelRole.User, turn.Text)], hasher.SafetyIdentifier(turn.Person.Id),
            tier.ModelOf(openAi.Value.Model), openAi.Value.MaxTokens, openAi.Value.Temperature);
        using var ticket = gate.Begin();
        // What was read for the question may have taken a while. From the ticket on a stop cancels the call.
        if (gate.ClosedBy is { } closedMeanwhile)
            return new Answered.NotYet(Settlement.Hold(turn, closedMeanwhile));
        using var call = calls.Begin(turn);
        var result = await AskAsync(request, ticket, call, stopping);
        return result switch
        {
            ModelResult.Answer answer => new Answered.Text(ToDraft(request, answer, route)),
            ModelResult.Cancelled when stopping.IsCancellationRequested => new Answered.NotYet(new Settlement(turn, QueueAct.Again)),
            // Somebody took the conversation while the model wrote: under the next lease it writes a suggestion.
            ModelResult.Cancelled when call.Ended.IsCancellationRequested => new Answered.NotYet(new Settlement(turn, QueueAct.Again)),
            ModelResult.Cancelled => new Answered.NotYet(Settlement.Hold(turn, gate.ClosedBy ?? "kill")),
            ModelResult.RetryLater later when later.IsThrottled || !IsLast(turn) =>
                new Answered.NotYet(retries.Again(turn, "model_busy", later.RetryAfter, countsAsTry: !later.IsThrottled)),
            ModelResult.Empty or ModelResult.ContentFiltered when !IsLast(turn) => new Answered.NotYet(retries.Again(turn, "model_empty")),
            _ => Apologise(turn, result),
        };
    }

    /// <summary>What the model is told about its task, and about this person.</summary>
    private string PromptFor(Turn turn) => turn.Person.Preferences.Instruction(turn.MessageAt) is { } about
        ? openAi.Value.SystemPrompt + "\n\n" + about
        : openAi.Value.SystemPrompt;

    private bool IsLast(Turn turn) => !turn.Person.Preferences.AutoRetry || retries.IsLast(turn);

    private async Task<ModelResult> AskAsync(ModelRequest request, ModelCallTicket ticket, ModelCalls.Call call, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ticket.Cancelled, call.Ended, stopping);
        return await model.AnswerAsync(request, either.Token);
    }

    private Draft ToDraft(ModelRequest request, ModelResult.Answer answer, Route route)
    {
        var text = SmsText.Fit(SmsText.Clean(answer.Text), replies.Value.Segments);
        return new Draft("answer", text, Segments.Count(text).Segments)
        {
            Model = answer.Model,
            TokensIn = answer.Usage.Input,
            TokensCached = answer.Usage.Cached,
            TokensOut = answer.Usage.Output,
            ModelMs = (int)answer.Elapsed.TotalMilliseconds,
            ModelMicros = prices.Micros(answer.Model, answer.Usage),
            Turns = request.Turns.Count,
            PromptCharacters = request.SystemPrompt.Length + request.Turns.Sum(turn => turn.Text.Length),
            Category = (route as Route.Answer)?.Category ?? "General",
        };
    }

    private Answered.Text Apologise(Turn turn, ModelResult result)
    {
        LogApology(logger, turn.ItemId, result.GetType().Name);
        var text = replies.Value.Apology;
        return new Answered.Text(new Draft("apology", text, Segments.Count(text).Segments));
    }

    [LoggerMessage(1310, LogLevel.Error, "Message {MessageId} gets the apology: {Result}")]
    private static partial void LogApology(ILogger logger, long messageId, string result);
}
