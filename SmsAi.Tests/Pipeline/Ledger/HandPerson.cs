using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Pipeline.Ledger;

/// <summary>A person with one conversation, written into the tables by hand, and her encrypted texts.</summary>
sealed record HandPerson(TestDatabase Database, long Id, long Conversation, PersonKey Key)
{
    public const string OurNumber = "+15550100142";

    public static async Task<HandPerson> AddAsync(TestDatabase database, string alias = "amber-otter-41", string tail = "67")
    {
        var key = PersonKey.Create();
        var id = await database.ScalarAsync<long>(
            "insert into users (phone_hash, phone_tail, alias) values (sha256(convert_to($1, 'UTF8')), $2, $1) returning id", alias, tail);
        await database.ExecuteAsync(
            "insert into user_keys (user_id, month, key_id, wrapped, master_id) values ($1, '2026-03-01', $2, $3, $4)",
            id, key.Id, TestKeys.Masters.Wrap(key), TestKeys.Masters.CurrentId);
        var conversation = await database.ScalarAsync<long>(
            "insert into conversations (user_id, our_number) values ($1, $2) returning id", id, OurNumber);
        return new(database, id, conversation, key);
    }

    /// <summary>A message row; a null body is an erased one.</summary>
    public async Task MessageAsync(
        long id, DateTimeOffset at, string? body = "hello", string direction = "in", string kind = "text", string state = "received",
        long? replyTo = null, string? sid = null, long position = 0)
    {
        await Database.ExecuteAsync(
            """
            insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, reply_to, sid, position, key_id, body_cipher, content_hash)
            values ($1, $2, $3, $4, $5::message_direction, $6::message_kind, $7::message_state, $8::bigint, $9::text, $10, $11, $12::bytea, sha256($12::bytea))
            """,
            id, at.UtcDateTime, Conversation, Id, direction, kind, state, replyTo, sid, position, Key.Id,
            body is null ? null : Key.Encrypt(body, "messages.body", id));
    }

    public Task<long> EventAsync(string type, string data, long? correlation = null, DateTimeOffset? at = null) =>
        Database.AppendAsync(Conversation, type, data, correlation, at);
}
