using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Conversations;

/// <summary>What operators are writing and have not sent: kept under the person's own key, so that a lost connection loses nothing.</summary>
public sealed class ReplyDrafts(Databases databases, Outbox outbox, PersonKeys keys)
{
    private const string Place = "reply_drafts.body";

    /// <summary>Empty when there is none, or its key is gone.</summary>
    public async Task<string> ReadAsync(long conversation, long operatorId, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        (Guid Key, byte[] Cipher)? draft = null;
        await using (var command = new NpgsqlCommand(ReplyDraftSql.Read, connection) { Parameters = { new() { Value = conversation }, new() { Value = operatorId } } })
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (await row.ReadAsync(cancel)) draft = (row.GetGuid(0), row.GetFieldValue<byte[]>(1));
        }

        return draft is { } kept && (await keys.LoadAsync(connection, [kept.Key], cancel)).TryGetValue(kept.Key, out var key)
            ? key.Decrypt(kept.Cipher, Place, conversation)
            : "";
    }

    /// <summary>Keeps it, or forgets it when it is empty; writing is being at it, so the conversation doesn't go back by itself.</summary>
    public async Task SaveAsync(long conversation, long operatorId, string text, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        if (text.Length == 0)
        {
            await ExecuteAsync(connection, ReplyDraftSql.Drop, cancel, new() { Value = conversation }, new() { Value = operatorId });
            return;
        }

        var key = await outbox.KeyAsync(connection, conversation, cancel);
        await ExecuteAsync(
            connection, ReplyDraftSql.Keep, cancel, new() { Value = conversation }, new() { Value = operatorId }, new() { Value = key.Id },
            new() { Value = key.Encrypt(text, Place, conversation) });
        await ExecuteAsync(connection, TakeOverSql.Touch, cancel, new() { Value = conversation }, new() { Value = operatorId });
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }
}

/// <summary>The statements about drafts.</summary>
internal static class ReplyDraftSql
{
    /// <summary>$1 conversation $2 operator</summary>
    public const string Read = "select key_id, body_cipher from reply_drafts where conversation_id = $1 and operator_id = $2";

    /// <summary>$1 conversation $2 operator $3 key $4 cipher</summary>
    public const string Keep = """
        insert into reply_drafts (conversation_id, operator_id, key_id, body_cipher) values ($1, $2, $3, $4)
        on conflict (conversation_id, operator_id) do update set key_id = excluded.key_id, body_cipher = excluded.body_cipher, at = now()
        """;

    /// <summary>$1 conversation $2 operator</summary>
    public const string Drop = "delete from reply_drafts where conversation_id = $1 and operator_id = $2";
}
