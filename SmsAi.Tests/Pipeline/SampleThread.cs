using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Pipeline;

/// <summary>One person with one conversation in a test's database, and the messages a test puts there.</summary>
public sealed class SampleThread
{
    private readonly TestDatabase _database;
    private long _nextId;

    private SampleThread(TestDatabase database, long userId, long conversationId, PersonKey key, long firstId) =>
        (_database, UserId, ConversationId, Key, _nextId) = (database, userId, conversationId, key, firstId);

    public long UserId { get; }

    public long ConversationId { get; }

    /// <summary>Her key of the month.</summary>
    public PersonKey Key { get; }

    public static async Task<SampleThread> CreateAsync(TestDatabase database, string number = SampleTurns.Someone, long firstId = 1_000)
    {
        var userId = await database.ScalarAsync<long>(
            "insert into users (phone_hash, alias) values ($1, $2) returning id", TestKeys.Hasher.Hash(number), "calm otter " + number[^3..]);
        var conversationId = await database.ScalarAsync<long>(
            "insert into conversations (user_id, our_number) values ($1, $2) returning id", userId, SampleTurns.OurNumber);
        var thread = new SampleThread(database, userId, conversationId, PersonKey.Create(), firstId);
        await thread.StoreKeyAsync(thread.Key, new DateOnly(2026, 3, 1));
        return thread;
    }

    public async Task StoreKeyAsync(PersonKey key, DateOnly month) => await _database.ExecuteAsync(
        "insert into user_keys (user_id, month, key_id, wrapped, master_id) values ($1, $2, $3, $4, $5)",
        UserId, month, key.Id, TestKeys.Masters.Wrap(key), TestKeys.Masters.CurrentId);

    /// <summary>A text of hers.</summary>
    public Task<long> SaysAsync(string text, string state = "answered", DateTimeOffset? at = null, PersonKey? key = null) =>
        AddAsync("in", "text", state, text, null, at, key, null, 0);

    /// <summary>A text of ours.</summary>
    public Task<long> SentAsync(
        string text = "Hello", string state = "sent", string? sid = null, int attempt = 1, long? replyTo = null, string kind = "answer",
        DateTimeOffset? at = null, PersonKey? key = null) =>
        AddAsync("out", kind, state, text, replyTo, at, key, sid, attempt);

    /// <summary>What the carrier said about a message, as a person sees it: state, its word, error code.</summary>
    public async Task<string> StateAsync(long id) => (await _database.ScalarAsync<string>(
        "select concat_ws(' ', state, carrier_status, error_code) from messages where id = $1", id))!;

    /// <summary>The conversation's events in order, as type and data.</summary>
    public Task<IReadOnlyList<string>> EventsAsync() => _database.ListAsync<string>(
        "select version || ' ' || type || ' ' || data from events where stream_id = $1 order by version", ConversationId);

    private async Task<long> AddAsync(
        string direction, string kind, string state, string text, long? replyTo, DateTimeOffset? at, PersonKey? key, string? sid, int attempt)
    {
        var id = _nextId++;
        var rank = sid is null ? 0 : CarrierStatus.Find("queued")!.Rank;
        await using var command = _database.Owner.CreateCommand("""
            with spoke as (update conversations set version = version + 1 where id = $2 returning version)
            insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, position, reply_to, key_id, body_cipher, sid, attempt,
              rank, carrier_status, sent_at)
            select $1, coalesce($3, clock_timestamp()), $2, $4, $5::message_direction, $6::message_kind, $7::message_state, version, $8, $9, $10, $11, $12,
              $13, case when $11 is null then null else 'queued' end, case when $11 is null then null else clock_timestamp() end
            from spoke returning created_at
            """);
        object?[] values =
        [
            id, ConversationId, at?.ToUniversalTime(), UserId, direction, kind, state, replyTo, (key ?? Key).Id, (key ?? Key).Encrypt(text, "messages.body", id),
            sid, (short)attempt, (short)rank,
        ];
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        command.Parameters[2].NpgsqlDbType = NpgsqlDbType.TimestampTz;
        command.Parameters[7].NpgsqlDbType = NpgsqlDbType.Bigint;
        command.Parameters[10].NpgsqlDbType = NpgsqlDbType.Text;
        var createdAt = (DateTime)(await command.ExecuteScalarAsync())!;
        if (sid is not null)
            await _database.ExecuteAsync(
                "insert into message_sids (twilio_sid, message_id, created_at, direction) values ($1, $2, $3, 'out')", sid, id, createdAt);
        return id;
    }
}
