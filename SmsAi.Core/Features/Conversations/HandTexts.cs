using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Conversations;

/// <summary>What came of sending a text by hand.</summary>
public abstract record HandOutcome
{
    private HandOutcome()
    {
    }

    /// <summary>It is queued; the gates let it leave.</summary>
    public sealed record Queued(long Message) : HandOutcome;

    /// <summary>Somebody else has the conversation; nothing was sent.</summary>
    public sealed record HeldBy(string Name, DateTimeOffset Since) : HandOutcome;

    /// <summary>An answer left since she looked, so two would go out; nothing was sent.</summary>
    public sealed record AnsweredMeanwhile : HandOutcome;

    /// <summary>It can't be sent, and why, in a sentence.</summary>
    public sealed record Refused(string Why) : HandOutcome;
}

/// <summary>Texts that operators write: their own queue item in their own class, held by the same gates as every other.</summary>
public sealed class HandTexts(Databases databases, TakeOvers takeOvers, Outbox outbox, PersonKeys keys, LiveFeed live)
{
    /// <summary>The carrier takes no longer text.</summary>
    public const int Longest = 1_600;

    /// <summary>Sends, and takes the conversation over if the AI has it: one answer, never both.</summary>
    /// <param name="seen">The newest position she saw; an answer that left after it is told first.</param>
    /// <param name="isSure">She knows of the other answer and sends all the same.</param>
    public async Task<HandOutcome> SendAsync(long conversation, string text, long seen, bool isSure, Actor actor, CancellationToken cancel)
    {
        var me = TakeOvers.Demand(actor);
        text = text.Trim();
        if (Fault(text) is { } fault)
            return new HandOutcome.Refused(fault);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var now = await TakeOvers.LockAsync(connection, conversation, cancel);
        if (Obstacle(now) is { } why)
            return new HandOutcome.Refused(why);
        if (now!.TakenBy is { } holder && holder != me)
            return new HandOutcome.HeldBy(now.TakenName, now.TakenAt);
        await TakeOvers.TakeAsync(connection, conversation, now, answeredUpTo: seen, actor, cancel);
        // An answer that was written and had not begun to leave is a suggestion by now; only what did leave is told first, and then nothing is changed.
        if (!isSure && await SentSinceAsync(connection, conversation, seen, cancel))
            return new HandOutcome.AnsweredMeanwhile();
        var message = await PutAsync(connection, conversation, text, null, null, actor, cancel);
        await ExecuteAsync(connection, TakeOverSql.Touch, cancel, new() { Value = conversation }, new() { Value = me });
        await ExecuteAsync(connection, ReplyDraftSql.Drop, cancel, new() { Value = conversation }, new() { Value = me });
        await transaction.CommitAsync(cancel);
        await TellAsync(conversation, cancel);
        return new HandOutcome.Queued(message);
    }

    /// <summary>Sends what failed again, as a fresh message and once; never what the carrier may have.</summary>
    public async Task<HandOutcome> ResendAsync(long message, string reason, Actor actor, CancellationToken cancel)
    {
        TakeOvers.Demand(actor);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        if (await ReadAsync(connection, message, cancel) is not { } failed)
            return new HandOutcome.Refused("The message or its text is gone.");
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // Whoever sends the same message again waits here, and then finds it done.
        var now = await TakeOvers.LockAsync(connection, failed.Conversation, cancel);
        if (Obstacle(now) is { } why)
            return new HandOutcome.Refused(why);
        if (await ReadAsync(connection, message, cancel) is not { State: "failed" or "undelivered" } still)
            return new HandOutcome.Refused("Only what certainly did not arrive is sent again.");
        if (still.SentAgainAs is not null)
            return new HandOutcome.Refused("It was sent again already.");
        var id = await PutAsync(connection, failed.Conversation, failed.Text, message, reason.Trim(), actor, cancel);
        await transaction.CommitAsync(cancel);
        await TellAsync(failed.Conversation, cancel);
        return new HandOutcome.Queued(id);
    }

    /// <summary>What is wrong with a text, or null.</summary>
    public static string? Fault(string text) => text switch
    {
        "" => "There is nothing to send yet: write a text first.",
        { Length: > Longest } => string.Create(
            OperatorCulture.Here, $"It has {text.Length:#,##0} characters, and the carrier takes {Longest:#,##0}: shorten it by {text.Length - Longest:#,##0}."),
        _ => null,
    };

    private static string? Obstacle(ConversationNow? now) => now switch
    {
        null => "There is no such conversation any more.",
        { HasOptedOut: true } => "This person opted out, so nothing is sent to them.",
        { IsBlocked: true } => "This person is blocked, so nothing is sent to them.",
        _ => null,
    };

    private static async Task<bool> SentSinceAsync(NpgsqlConnection connection, long conversation, long seen, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(TakeOverSql.SentSince, connection) { Parameters = { new() { Value = conversation }, new() { Value = seen } } };
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    private async Task<long> PutAsync(
        NpgsqlConnection connection, long conversation, string text, long? resendOf, string? reason, Actor actor, CancellationToken cancel)
    {
        var segments = Segments.Count(text).Segments;
        var message = await outbox.PutAsync(connection, conversation, "manual", text, segments, QueueClass.Manual, cancel, isAhead: true);
        await ExecuteAsync(
            connection, TakeOverSql.NoteHand, cancel, new() { Value = message }, new() { Value = conversation }, new() { Value = actor.Id!.Value },
            new() { Value = actor.Name }, new() { Value = (object?)resendOf ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
            new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        var metadata = resendOf is null ? JsonSerializer.Serialize(new { message, segments }) : JsonSerializer.Serialize(new { message, segments, resendOf, reason });
        var action = resendOf is null ? "conversation.send" : "conversation.resend";
        await AuditTrail.AppendAsync(connection, new(actor, action, TakeOvers.Resource(conversation), metadata), cancel);
        return message;
    }

    private async Task<Failed?> ReadAsync(NpgsqlConnection connection, long message, CancellationToken cancel)
    {
        long conversation;
        Guid keyId;
        byte[] cipher;
        string state;
        long? again;
        await using (var command = new NpgsqlCommand(TakeOverSql.Resendable, connection) { Parameters = { new() { Value = message } } })
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (!await row.ReadAsync(cancel) || row.IsDBNull(1) || row.IsDBNull(2))
                return null;
            (conversation, keyId, cipher, state) = (row.GetInt64(0), row.GetGuid(1), row.GetFieldValue<byte[]>(2), row.GetString(3));
            again = row.IsDBNull(4) ? null : row.GetInt64(4);
        }

        return (await keys.LoadAsync(connection, [keyId], cancel)).TryGetValue(keyId, out var key)
            ? new(conversation, key.Decrypt(cipher, MessageBodies.Place, message), state, again)
            : null;
    }

    private async Task TellAsync(long conversation, CancellationToken cancel)
    {
        await takeOvers.TellAsync(conversation, cancel);
        live.Publish(LiveTopics.Messages);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private sealed record Failed(long Conversation, string Text, string State, long? SentAgainAs);
}
