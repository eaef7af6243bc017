using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Reads the last messages of a conversation from PostgreSQL, by the index messages_thread.</summary>
public sealed partial class ThreadReader(Databases databases, MasterKeys masters, ILogger<ThreadReader> logger)
{
    // The keys come with the rows, so a key destroyed a moment ago opens nothing: there is no cache of them here.
    // What she never got to see, and what no machine should answer for, is not shown to the model.
    private const string Select = """
        select m.id, m.direction = 'in', m.position, m.reply_to, m.body_cipher, m.key_id, case when m.key_id <> $5 then k.wrapped end
        from (
          select id, created_at, direction, position, reply_to, body_cipher, key_id, user_id from messages
          where conversation_id = $1 and created_at > $2 and id <> $3 and body_cipher is not null
            and (direction = 'in' and position < $6 and state in ('received', 'answered', 'stale', 'dead_letter')
              or direction = 'out' and kind in ('answer', 'manual', 'broadcast')
                and state in ('pending', 'held', 'sending', 'uncertain', 'needs_person', 'sent', 'partly_delivered', 'delivered', 'read'))
          order by created_at desc, id desc limit $4) m
        join user_keys k on k.user_id = m.user_id and k.key_id = m.key_id
        """;

    /// <summary>The newest messages within the window before the turn's own, oldest first; an answer stands right behind its text.</summary>
    internal async Task<IReadOnlyList<ModelTurn>> ReadAsync(Turn turn, int count, TimeSpan window, CancellationToken cancel)
    {
        try
        {
            return await ReadOnceAsync(turn, count, window, cancel);
        }
        catch (NpgsqlException fault) when (databases.Road.BeginAnewAfter(fault))
        {
            return await ReadOnceAsync(turn, count, window, cancel);
        }
    }

    private async Task<IReadOnlyList<ModelTurn>> ReadOnceAsync(Turn turn, int count, TimeSpan window, CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = turn.ConversationId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = turn.MessageAt.ToUniversalTime() - window });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = turn.InboundId ?? turn.ItemId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = turn.Key.Id });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = turn.Position });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<Row>(count);
        while (await reader.ReadAsync(cancel))
        {
            if (ReadRow(reader, turn.Key) is { } row)
                rows.Add(row);
        }

        return InOrder(rows);
    }

    private Row? ReadRow(NpgsqlDataReader reader, PersonKey current)
    {
        var id = reader.GetInt64(0);
        try
        {
            var key = reader.IsDBNull(6) ? current : masters.Unwrap(reader.GetGuid(5), reader.GetFieldValue<byte[]>(6));
            var text = key.Decrypt(reader.GetFieldValue<byte[]>(4), "messages.body", id);
            return new Row(id, reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3),
                new ModelTurn(reader.GetBoolean(1) ? ModelRole.User : ModelRole.Assistant, text));
        }
        catch (CipherRefusedException)
        {
            // One damaged text must not silence a conversation for ever.
            LogUnreadable(id);
            return null;
        }
    }

    // Texts sent in a burst are all stored before the first answer is; the model should see each answer with its text.
    private static List<ModelTurn> InOrder(List<Row> rows)
    {
        var places = rows.ToDictionary(row => row.Id, row => row.Position);
        return [.. rows
            .OrderBy(row => row.ReplyTo is { } text && places.TryGetValue(text, out var place) ? place : row.Position)
            .ThenBy(row => row.Position)
            .Select(row => row.Turn)];
    }

    [LoggerMessage(1502, LogLevel.Error, "Message {Message} can't be decrypted; the model is not shown it")]
    private partial void LogUnreadable(long message);

    private sealed record Row(long Id, long Position, long? ReplyTo, ModelTurn Turn);
}
