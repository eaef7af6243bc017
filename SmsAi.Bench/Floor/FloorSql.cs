namespace SmsAi.Bench.Floor;

/// <summary>
/// The three statements. They write what remains of a text in the product's tables: person, keys, conversation, messages, SIDs, terms, events and
/// task; neither the queue's rows, which go again, nor the sums of the ledger's readers.
/// </summary>
internal static class FloorSql
{
    /// <summary>$1 phone hash[] $2 month</summary>
    public const string Known = """
        select u.phone_hash, u.id, k.key_id, k.wrapped from users u join user_keys k on k.user_id = u.id and k.month = $2 where u.phone_hash = any($1)
        """;

    /// <summary>
    /// $1 sid[] $2 phone hash[] (null: the person is stored) $3 user[] $4 phone cipher[] $5 tail[] $6 alias[] $7 country[] $8 profile key[] $9 wrapped[]
    /// $10 key of the month[] $11 wrapped[] $12 message[] $13 body[] $14 fields[] $15 content hash[] $16 terms[] $17 event data[] $18 our number $19 month
    /// $20 master key's id
    /// </summary>
    public const string TakeIn = """
        with x as materialized (
          select * from unnest($1::text[], $2::bytea[], $3::bigint[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::bytea[],
            $10::uuid[], $11::bytea[], $12::bigint[], $13::bytea[], $14::bytea[], $15::bytea[], $16::text[], $17::jsonb[])
          with ordinality as i(sid, phone_hash, user_id, phone_cipher, tail, alias, country, profile_key_id, profile_wrapped,
            key_id, wrapped, message_id, body, fields, content_hash, terms, event, n)),
        person as (
          insert into users (id, phone_hash, phone_cipher, phone_tail, alias, country)
          select user_id, phone_hash, phone_cipher, tail, alias, country from x where phone_hash is not null),
        keys as (
          insert into user_keys (user_id, month, key_id, wrapped, master_id)
          select user_id, date '1970-01-01', profile_key_id, profile_wrapped, $20 from x where phone_hash is not null
          union all
          select user_id, $19, key_id, wrapped, $20 from x where phone_hash is not null),
        conversation as (
          insert into conversations as c (user_id, our_number, version) select user_id, $18, 4 from x
          on conflict (user_id, our_number, channel) do update set version = c.version + 4
          returning id, user_id, version),
        placed as (select x.*, c.id as conversation_id, c.version from x join conversation c on c.user_id = x.user_id),
        sids as (insert into message_sids (twilio_sid, message_id, created_at, direction) select sid, message_id, now(), 'in' from x),
        message as (
          insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, position, key_id, body_cipher, fields_cipher,
            content_hash, sid, verdict, ingested_via, num_segments)
          select message_id, now(), conversation_id, user_id, 'in', 'text', 'received', version - 3, key_id, body, fields, content_hash, sid, 'valid', 'webhook', 1
          from placed),
        found as (insert into message_terms (message_id, created_at, terms) select message_id, now(), terms::tsvector from x),
        told as (
          insert into events (stream_id, version, type, correlation_id, data)
          select conversation_id, version - 3, 'received', message_id, event from placed order by n)
        select n, conversation_id, version, now() from placed order by n
        """;

    /// <summary>
    /// $1 conversation[] $2 user[] $3 version[] $4 answer[] $5 reply to[] $6 key[] $7 body[] $8 content hash[] $9 terms[] $10 model[] $11 tokens in[]
    /// $12 tokens out[] $13 model ms[] $14 event data[]
    /// </summary>
    public const string Answer = """
        with x as materialized (
          select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::bytea[], $8::bytea[], $9::text[],
            $10::text[], $11::int[], $12::int[], $13::int[], $14::jsonb[])
          as i(conversation_id, user_id, version, id, reply_to, key_id, body, content_hash, terms, model, tokens_in, tokens_out, model_ms, event)),
        message as (
          insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, position, reply_to, key_id, body_cipher, content_hash,
            num_segments, attempt, sending_at, model, tokens_in, tokens_out, model_ms, model_micros)
          select id, now(), conversation_id, user_id, 'out', 'answer', 'sending', version - 2, reply_to, key_id, body, content_hash,
            1, 1, clock_timestamp(), model, tokens_in, tokens_out, model_ms, 30 from x),
        found as (insert into message_terms (message_id, created_at, terms) select id, now(), terms::tsvector from x),
        told as (
          insert into events (stream_id, version, type, correlation_id, data)
          select conversation_id, version - 2, 'answered', reply_to, event from x
          union all
          select conversation_id, version - 1, 'sending', reply_to, jsonb_build_object('m', id, 'a', 1) from x)
        select now()
        """;

    /// <summary>
    /// $1 conversation[] $2 user[] $3 version[] $4 answer[] $5 its time[] $6 reply to[] $7 the text's time[] $8 sid[] $9 event data[] $10 content hash of the text[]
    /// $11 the text's sid[] $12 tokens[]
    /// </summary>
    public const string Sent = """
        with x as materialized (
          select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::timestamptz[], $8::text[],
            $9::jsonb[], $10::bytea[], $11::text[], $12::int[])
          as i(conversation_id, user_id, version, id, at, reply_to, text_at, sid, event, content_hash, text_sid, tokens)),
        message as (
          update messages o set state = 'sent', rank = 20, sid = x.sid, sent_at = clock_timestamp(), carrier_status = 'queued', carrier_micros = 7900,
            answer_ms = (extract(epoch from clock_timestamp() - x.text_at) * 1000)::int
          from x where o.id = x.id and o.created_at = x.at),
        sids as (insert into message_sids (twilio_sid, message_id, created_at, direction) select sid, id, at, 'out' from x),
        task as (
          insert into tasks (user_id, conversation_id, inbound_id, inbound_at, created_at, task_hash, outbound_id, outbound_at, tokens_used,
            processing_ms, completed_at, success)
          select user_id, conversation_id, reply_to, text_at, text_at,
            int8send(reply_to) || substr(sha256(content_hash || convert_to(text_sid, 'UTF8')), 9), id, at, tokens,
            (extract(epoch from clock_timestamp() - text_at) * 1000)::int, clock_timestamp(), true from x)
        insert into events (stream_id, version, type, correlation_id, data) select conversation_id, version, 'sent', reply_to, event from x
        """;
}
