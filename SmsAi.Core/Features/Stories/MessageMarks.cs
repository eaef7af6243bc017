using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Stories;

/// <summary>A message that somebody marked as an error: by whom, when, and the note for those who may read texts.</summary>
public sealed record MessageMark(string By, DateTimeOffset At, string? Note);

/// <summary>Marks messages as errors, with a note that is kept like a text, since it may quote one.</summary>
public sealed class MessageMarks(Databases databases, Outbox outbox, PersonKeys keys, LiveFeed live)
{
    /// <summary>Longest note.</summary>
    public const int Longest = 1_000;

    private const string Place = "message_marks.note";

    /// <summary>$1 message</summary>
    private const string ConversationOf = "select conversation_id from messages where id = $1 limit 1";

    /// <summary>$1 message $2 conversation $3 operator $4 her name $5 key $6 note</summary>
    private const string Put = """
        insert into message_marks (message_id, conversation_id, operator_id, by_name, key_id, note_cipher) values ($1, $2, $3, $4, $5, $6)
        on conflict (message_id) do update set operator_id = excluded.operator_id, by_name = excluded.by_name, key_id = excluded.key_id,
          note_cipher = excluded.note_cipher, at = now()
        """;

    private const string Take = "delete from message_marks where message_id = $1";

    private const string Select = "select by_name, at, key_id, note_cipher from message_marks where message_id = $1";

    /// <summary>False when the message is gone.</summary>
    public async Task<bool> MarkAsync(long message, string note, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        note = note.Trim();
        if (note.Length > Longest)
            throw new ArgumentException($"The note has {note.Length} characters; shorten it to {Longest}.", nameof(note));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var find = new NpgsqlCommand(ConversationOf, connection) { Parameters = { new() { Value = message } } };
        if (await find.ExecuteScalarAsync(cancel) is not long conversation)
            return false;
        var key = note.Length == 0 ? null : await outbox.KeyAsync(connection, conversation, cancel);
        await using var put = new NpgsqlCommand(Put, connection)
        {
            Parameters =
            {
                new() { Value = message },
                new() { Value = conversation },
                new() { Value = (object?)actor.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                new() { Value = actor.Name },
                new() { Value = (object?)key?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new() { Value = (object?)key?.Encrypt(note, Place, message) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };
        await put.ExecuteNonQueryAsync(cancel);
        await AuditAsync(connection, actor, "message.mark", message, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Messages);
        return true;
    }

    /// <summary>False when it bears no mark any more.</summary>
    public async Task<bool> ClearAsync(long message, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var take = new NpgsqlCommand(Take, connection) { Parameters = { new() { Value = message } } };
        if (await take.ExecuteNonQueryAsync(cancel) == 0)
            return false;
        await AuditAsync(connection, actor, "message.unmark", message, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Messages);
        return true;
    }

    /// <summary>The newest mark on one of a story's messages.</summary>
    /// <param name="withNote">The caller checks the right to read texts.</param>
    public async Task<(MessageMark Mark, long Message)?> FindAsync(MessageStory story, bool withNote, CancellationToken cancel)
    {
        long[] messages = [.. new[] { story.Inbound, story.Outbound }.OfType<StoryMessage>().Select(message => message.Id)];
        foreach (var message in messages.Reverse())
        {
            if (await ReadAsync(message, withNote, cancel) is { } mark)
                return (mark, message);
        }

        return null;
    }

    /// <summary>Null when it is not marked.</summary>
    /// <param name="withNote">The caller checks the right to read texts.</param>
    public async Task<MessageMark?> ReadAsync(long message, bool withNote, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        string by;
        DateTimeOffset at;
        (Guid Key, byte[] Cipher)? note = null;
        await using (var command = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = message } } })
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (!await row.ReadAsync(cancel))
                return null;
            (by, at) = (row.GetString(0), row.GetFieldValue<DateTimeOffset>(1));
            if (!row.IsDBNull(2) && !row.IsDBNull(3)) note = (row.GetGuid(2), row.GetFieldValue<byte[]>(3));
        }

        var text = withNote && note is { } kept && (await keys.LoadAsync(connection, [kept.Key], cancel)).TryGetValue(kept.Key, out var key)
            ? key.Decrypt(kept.Cipher, Place, message)
            : null;
        return new(by, at, text);
    }

    private static void Demand(Actor actor)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Marking an error needs the right to operate.");
    }

    private static Task AuditAsync(NpgsqlConnection connection, Actor actor, string act, long message, CancellationToken cancel) =>
        AuditTrail.AppendAsync(connection, new(actor, act, string.Create(CultureInfo.InvariantCulture, $"message:{message}"), JsonSerializer.Serialize(new { message })), cancel);
}
