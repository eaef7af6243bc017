using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>
/// Where operators and features put a text to send: stored and queued in the caller's transaction, sent by the road like any other.
/// It may overtake texts of the same conversation that are held; one that is put ahead overtakes all that has not begun.
/// </summary>
public sealed class Outbox(Ids ids, PersonKeys keys, MasterKeys masters, PhoneHasher hasher)
{
    // Before every text that waits, and in their own order behind each other.
    private const long Ahead = 1_000_000_000_000;

    private const string KeyOfMonth = """
        with mine as (select user_id from conversations where id = $1),
        made as (
          insert into user_keys (user_id, month, key_id, wrapped, master_id)
          select user_id, date_trunc('month', now())::date, $2, $3, $4 from mine
          on conflict (user_id, month) do update set key_id = user_keys.key_id returning key_id)
        select key_id from made
        """;

    private const string Put = """
        with c as (
          update conversations set version = version + 1, pending = pending + 1 where id = $1 returning id, user_id, version),
        m as (
          insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, position, key_id, body_cipher, content_hash, num_segments)
          select $2, now(), id, user_id, 'out', $3::message_kind, 'pending', version, $4, $5, $6, $7 from c),
        q as (
          insert into queue (id, conversation_id, user_id, outbound_id, message_at, outbound_at, position, class)
          select $2, id, user_id, $2, now(), now(), version - $9, $8 from c)
        insert into events (stream_id, version, type, correlation_id, data)
        select id, version, 'answered', $2, jsonb_build_object('m', $2, 'r', 0, 'kind', $3, 'segments', $7) from c
        """;

    /// <summary>The new message's id. News of topic "queue" is the caller's, after its commit.</summary>
    public async Task<long> PutAsync(NpgsqlConnection connection, long conversationId, string kind, string text, int segments, short queueClass, CancellationToken cancel, bool isAhead = false)
    {
        var id = (await ids.Messages.TakeAsync(1, cancel))[0];
        var key = await KeyAsync(connection, conversationId, cancel);
        await using var put = new NpgsqlCommand(Put, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = conversationId },
                new NpgsqlParameter<long> { TypedValue = id },
                new NpgsqlParameter<string> { TypedValue = kind, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter<Guid> { TypedValue = key.Id },
                new NpgsqlParameter<byte[]> { TypedValue = key.Encrypt(text, "messages.body", id) },
                new NpgsqlParameter<byte[]> { TypedValue = hasher.HashContent(text) },
                new NpgsqlParameter<short> { TypedValue = (short)segments },
                new NpgsqlParameter<short> { TypedValue = queueClass },
                new NpgsqlParameter<long> { TypedValue = isAhead ? Ahead : 0 },
            },
        };
        return await put.ExecuteNonQueryAsync(cancel) == 0 ? throw new InvalidOperationException($"Conversation {conversationId} is gone.") : id;
    }

    /// <summary>The key that new texts of this conversation are kept under.</summary>
    public async Task<PersonKey> KeyAsync(NpgsqlConnection connection, long conversationId, CancellationToken cancel)
    {
        var fresh = PersonKey.Create();
        await using var command = new NpgsqlCommand(KeyOfMonth, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = conversationId },
                new NpgsqlParameter<Guid> { TypedValue = fresh.Id },
                new NpgsqlParameter<byte[]> { TypedValue = masters.Wrap(fresh) },
                new NpgsqlParameter<string> { TypedValue = masters.CurrentId },
            },
        };
        var keyId = (Guid)(await command.ExecuteScalarAsync(cancel) ?? throw new InvalidOperationException($"Conversation {conversationId} is gone."));
        if (keyId == fresh.Id)
            return fresh;
        return (await keys.LoadAsync(connection, [keyId], cancel))[keyId];
    }
}
