using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Conversations;

/// <summary>What came of asking for a shorter suggestion.</summary>
public abstract record ShortenOutcome
{
    private ShortenOutcome()
    {
    }

    /// <summary>The same in fewer segments.</summary>
    public sealed record Shorter(string Text) : ShortenOutcome;

    /// <summary>The suggestion stays as it is, and why, in a sentence.</summary>
    public sealed record Refused(string Why) : ShortenOutcome;

    /// <summary>Whoever asked changed her mind.</summary>
    public sealed record Cancelled : ShortenOutcome;
}

/// <summary>
/// Asks the model of the person's tier to say its suggestion in one segment, while no switch forbids a model call; a stop cancels it. What the model took is
/// counted as for an answer, also when nothing came of it.
/// </summary>
public sealed class Shortener(
    Databases databases, MessageBodies bodies, IChatModel model, IAnswerGate gate, TierLimits tiers, Prices prices, PhoneHasher hasher,
    IOptions<OpenAiOptions> openAi)
{
    private const int GsmLetters = 160;
    private const int OtherLetters = 70;

    public async Task<ShortenOutcome> ShortenAsync(long conversation, long message, Actor actor, CancellationToken cancel)
    {
        var me = TakeOvers.Demand(actor);
        if (await FindAsync(conversation, message, cancel) is not { } draft)
            return new ShortenOutcome.Refused("This draft is gone.");
        if (draft.TakenBy != me)
            return new ShortenOutcome.Refused(draft.TakenName is { Length: > 0 } name ? $"{name} has this conversation now." : "The AI answers here again.");
        if ((await bodies.ReadAsync([message], cancel)).GetValueOrDefault(message) is not { } text)
            return new ShortenOutcome.Refused("This draft can't be read any more.");
        await prices.ReadyAsync();
        var tier = await tiers.OfAsync(draft.TierId, cancel);
        using var ticket = gate.Begin();
        if (gate.ClosedBy is { } closed)
            return new ShortenOutcome.Refused(ClosedWords(closed));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ticket.Cancelled, cancel);
        var result = await model.AnswerAsync(RequestFor(draft.Person, tier.ModelOf(openAi.Value.Model), text), either.Token);
        if (UsageOf(result) is { } used)
            await NoteAsync(conversation, message, draft.At, used.Model, used.Usage, result.Elapsed, actor);
        return result switch
        {
            ModelResult.Answer answer when Shorter(text, answer.Text) is { } shorter => new ShortenOutcome.Shorter(shorter),
            ModelResult.Answer or ModelResult.Empty => new ShortenOutcome.Refused("The model found nothing shorter."),
            ModelResult.ContentFiltered => new ShortenOutcome.Refused("The model declined this text."),
            ModelResult.Cancelled when cancel.IsCancellationRequested => new ShortenOutcome.Cancelled(),
            ModelResult.Cancelled => new ShortenOutcome.Refused(ClosedWords(gate.ClosedBy ?? "kill")),
            ModelResult.RetryLater => new ShortenOutcome.Refused("The model is busy. Try again in a moment."),
            _ => new ShortenOutcome.Refused("The model can't be asked as it is set up. The page System says why."),
        };
    }

    private ModelRequest RequestFor(long person, string mayAnswer, string text)
    {
        var letters = Segments.Count(SmsText.Clean(text)).Forcing.Count == 0 ? GsmLetters : OtherLetters;
        var prompt = $"You shorten text messages. Say the message you are given in at most {letters} characters, in its own language. "
            + "Keep facts, numbers, names and links as they are, add nothing, use no emoji. Write the shortened message alone.";
        return new(prompt, [new ModelTurn(ModelRole.User, text)], hasher.SafetyIdentifier(person), mayAnswer, openAi.Value.MaxTokens, openAi.Value.Temperature);
    }

    private static string? Shorter(string text, string answer)
    {
        var shorter = SmsText.Clean(answer).Trim();
        return shorter.Length > 0 && Segments.Count(shorter).Segments < Segments.Count(text).Segments ? shorter : null;
    }

    private static (string Model, ModelUsage Usage)? UsageOf(ModelResult result) => result switch
    {
        ModelResult.Answer answer => (answer.Model, answer.Usage),
        ModelResult.Empty empty => (empty.Model, empty.Usage),
        ModelResult.ContentFiltered filtered => (filtered.Model, filtered.Usage),
        _ => null,
    };

    private static string ClosedWords(string by) => by switch
    {
        "kill" => "Everything is stopped: the model isn't asked.",
        "pause" => "Answers are paused: the model isn't asked.",
        "ai" => "The model is off.",
        _ => "The switches can't be read right now, so the model isn't asked.",
    };

    private async Task<(long Person, short TierId, DateTime At, long? TakenBy, string? TakenName)?> FindAsync(long conversation, long message, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ShortenSql.Find);
        command.Parameters.Add(new() { Value = conversation });
        command.Parameters.Add(new() { Value = message });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? (row.GetInt64(0), row.GetInt16(1), row.GetFieldValue<DateTime>(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.IsDBNull(4) ? null : row.GetString(4))
            : null;
    }

    /// <summary>Not cancelled with the question: the money is spent.</summary>
    private async Task NoteAsync(long conversation, long message, DateTime at, string asked, ModelUsage usage, TimeSpan took, Actor actor)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var note = new NpgsqlCommand(ShortenSql.Note, connection))
        {
            object[] values = [conversation, message, at, prices.Micros(asked, usage), asked, usage.Input, usage.Cached, usage.Output, (int)took.TotalMilliseconds];
            foreach (var value in values)
                note.Parameters.Add(new() { Value = value });
            await note.ExecuteNonQueryAsync();
        }

        var metadata = JsonSerializer.Serialize(new { message, tokens = usage.Input + usage.Output });
        await AuditTrail.AppendAsync(connection, new(actor, "conversation.shorten", TakeOvers.Resource(conversation), metadata), CancellationToken.None);
        await transaction.CommitAsync();
    }
}

/// <summary>The statements about shortening a suggestion.</summary>
internal static class ShortenSql
{
    /// <summary>$1 conversation $2 message: whom the suggestion is for, and who has the conversation.</summary>
    public const string Find = """
        select c.user_id, u.tier_id, m.created_at, c.taken_by, c.taken_name
        from conversations c join users u on u.id = c.user_id join messages m on m.conversation_id = c.id
        where c.id = $1 and m.id = $2 and m.kind = 'answer' and m.state = 'draft'
        """;

    /// <summary>$1 conversation $2 message $3 its time $4 micros $5 model $6 tokens in $7 cached $8 out $9 milliseconds. The conversation's row first, as everywhere.</summary>
    public const string Note = """
        with c as (update conversations set version = version + 1 where id = $1 returning id, version),
        m as (
          update messages m set model_micros = m.model_micros + $4 from c where m.id = $2 and m.created_at = $3 returning m.id, m.reply_to)
        insert into events (stream_id, version, type, correlation_id, data)
        select c.id, c.version, 'shortened', coalesce(nullif(m.reply_to, 0), m.id),
          jsonb_build_object('m', m.id, 'kind', 'shorter', 'model', $5::text, 'in', $6::int, 'cached', $7::int, 'out', $8::int, 'ms', $9::int, 'micros', $4::bigint)
        from c, m
        """;
}
