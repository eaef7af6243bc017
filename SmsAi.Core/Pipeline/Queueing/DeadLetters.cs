using Npgsql;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>What a person may do with a text that was set aside.</summary>
public static class DeadLetters
{
    private const string Resolve = """
        update dead_letters set resolved_at = clock_timestamp(), resolved_by = $2, resolution = $3 where id = $1 and resolved_at is null
        returning message_id
        """;

    // An uncertain send keeps its state and is looked up again; a text without an answer is answered anew.
    private const string Replay = """
        with d as (select * from dead_letters where id = $1),
        c as (update conversations c set version = c.version + 1, pending = c.pending + 1 from d where c.id = d.conversation_id returning c.id, c.version),
        i as (update messages m set state = 'received' from d where m.id = d.inbound_id and m.created_at = d.message_at and d.outbound_id is null),
        o as (
          update messages m set state = case when m.state = 'needs_person' then 'uncertain'::message_state else 'pending' end from d
          where m.id = d.outbound_id and m.created_at = d.outbound_at and m.state in ('dead_letter', 'needs_person')),
        q as (
          insert into queue (id, conversation_id, user_id, inbound_id, outbound_id, message_at, outbound_at, position, class)
          select d.message_id, d.conversation_id, d.user_id, d.inbound_id, d.outbound_id, d.message_at, d.outbound_at, c.version, d.class from d, c)
        insert into events (stream_id, version, type, correlation_id, data)
        select c.id, c.version, 'replayed', d.message_id, jsonb_build_object('m', coalesce(d.outbound_id, d.message_id)) from d, c
        """;

    /// <summary>Puts it back into the queue, once; false when somebody resolved it before. In the caller's transaction, with its audit line.</summary>
    public static async Task<bool> ReplayAsync(NpgsqlConnection connection, long id, string by, CancellationToken cancel)
    {
        if (!await ResolveAsync(connection, id, by, "replayed", cancel))
            return false;
        await using var replay = new NpgsqlCommand(Replay, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } };
        await replay.ExecuteNonQueryAsync(cancel);
        return true;
    }

    /// <summary>Leaves the text unanswered; false when somebody resolved it before.</summary>
    public static Task<bool> DiscardAsync(NpgsqlConnection connection, long id, string by, CancellationToken cancel) =>
        ResolveAsync(connection, id, by, "discarded", cancel);

    private static async Task<bool> ResolveAsync(NpgsqlConnection connection, long id, string by, string resolution, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Resolve, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = id },
                new NpgsqlParameter<string> { TypedValue = by },
                new NpgsqlParameter<string> { TypedValue = resolution },
            },
        };
        return await command.ExecuteScalarAsync(cancel) is not null;
    }
}
