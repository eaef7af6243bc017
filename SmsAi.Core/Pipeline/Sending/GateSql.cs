namespace SmsAi.Core.Pipeline.Sending;

/// <summary>The statements around the gate. All gates stand in one condition, so that the database alone lets a message leave.</summary>
internal static class GateSql
{
    private const string StoreHead = """
        with x as materialized (
          select x.*, c.user_id, c.version from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]::message_kind[], $5::uuid[], $6::bytea[], $7::bytea[],
            $8::bigint[], $9::bigint[], $10::smallint[], $11::text[], $12::int[], $13::int[], $14::int[], $15::int[], $16::bigint[], $17::jsonb[], $18::bigint[], $19::boolean[])
          x(conversation_id, fence, id, kind, key_id, body, content_hash, reply_to, item_id, segments, model, tokens_in, cached, tokens_out,
            model_ms, micros, event_data, correlation_id, wants)
          join conversations c on c.id = x.conversation_id and c.fence = x.fence and c.lease_until > clock_timestamp()),
        open as (
          select o.id from x o join conversations c on c.id = o.conversation_id
          where o.wants and o.id is not null
            and 
        """;

    private const string StoreTail = """
        ),
        placed as materialized (select x.*, open.id is not null as goes from x left join open on open.id = x.id),
        stored as (
          insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, attempt, sending_at, position, reply_to, key_id, body_cipher,
            content_hash, num_segments, model, tokens_in, tokens_cached, tokens_out, model_ms, model_micros)
          select id, now(), conversation_id, user_id, 'out', kind, (case when goes then 'sending' else 'pending' end)::message_state, goes::int,
            case when goes then clock_timestamp() end, version + 1, reply_to, key_id, body,
            content_hash, segments, model, tokens_in, cached, tokens_out, model_ms, micros
          from placed where id is not null),
        linked as (
          update queue q set outbound_id = x.id, outbound_at = now() from x where q.id = x.item_id and x.id is not null),
        told as (
          insert into events (stream_id, version, type, correlation_id, data, created_at)
          select conversation_id, version + 1, 'answered', correlation_id, event_data, now() from placed where id is not null
          union all
          select conversation_id, version + 2, 'sending', correlation_id, jsonb_build_object('m', id, 'a', 1), clock_timestamp() from placed where goes)
        update conversations c set version = c.version + (x.id is not null)::int + x.wants::int
        from placed x where c.id = x.conversation_id
        returning c.id, now(), x.goes, c.fence
        """;

    private const string GateHead = """
        with x as materialized (
          select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::smallint[], $6::boolean[], $7::boolean[], $8::bigint[])
          x(conversation_id, fence, outbound_id, outbound_at, attempt, again, absent, correlation_id)),
        gone as (
          update messages o set state = 'sending', attempt = o.attempt + 1, sending_at = clock_timestamp(),
            recovered = case when x.absent then 'absent' else o.recovered end
          from x join conversations c on c.id = x.conversation_id and c.fence = x.fence and c.lease_until > clock_timestamp()
          where o.id = x.outbound_id and o.created_at = x.outbound_at
            and (o.state in ('draft', 'pending', 'held') or (x.again and o.state in ('sending', 'uncertain') and o.attempt = x.attempt))
            and 
        """;

    private const string GateTail = """

          returning o.id, o.created_at, o.attempt, c.id as conversation_id, c.version, x.correlation_id, x.absent),
        -- The next uncertain send of it is looked up as often as the first.
        anew as (update queue q set looks = 0 from gone where gone.absent and q.conversation_id = gone.conversation_id and q.outbound_id = gone.id and q.looks > 0),
        told as (
          insert into events (stream_id, version, type, correlation_id, data)
          select conversation_id, version, 'sending', correlation_id, jsonb_build_object('m', id, 'a', attempt) from gone)
        select id, created_at, attempt from gone
        """;

    /// <summary>
    /// Stores new messages, "sending" at once where every gate is open and "pending" elsewhere, and numbers the events of the batch:
    /// $1 conversation[] $2 fence[] $3 outbound id[] (null: it is stored already) $4 kind[] $5 key id[] $6 body[] $7 content hash[] $8 reply to[] $9 item[]
    /// $10 segments[] $11 model[] $12 tokens in[] $13 cached[] $14 tokens out[] $15 model ms[] $16 model micros[] $17 event data[] $18 correlation[]
    /// $19 wants the gate[]
    /// </summary>
    public static string Store(IEnumerable<ISendGate> gates) => StoreHead + AllOf(gates) + StoreTail;

    /// <summary>
    /// What is stored already becomes "sending" where every gate is open: $1 conversation[] $2 fence[] $3 outbound id[] $4 outbound at[] $5 attempt[]
    /// $6 may leave "sending" again[] $7 the carrier's list doesn't show it[] $8 correlation[]
    /// </summary>
    public static string Gate(IEnumerable<ISendGate> gates) => GateHead + AllOf(gates) + GateTail;

    /// <summary>Why a message stayed: $1 outbound id $2 outbound at $3 fence; the lease, then one column for each gate.</summary>
    public static string Diagnose(IReadOnlyList<ISendGate> gates) =>
        "select coalesce(c.fence = $3 and c.lease_until > clock_timestamp(), false)" + string.Concat(gates.Select(gate => $", coalesce(({gate.Condition}), false)"))
        + " from messages o join conversations c on c.id = o.conversation_id where o.id = $1 and o.created_at = $2";

    /// <summary>Sends that were held and whose gates are all open now.</summary>
    public static string Wake(IEnumerable<ISendGate> gates) =>
        "update queue q set state = 'queued', held_by = null, run_at = clock_timestamp() from messages o, conversations c"
        + " where q.state = 'held' and o.id = q.outbound_id and o.created_at = q.outbound_at and c.id = q.conversation_id and " + AllOf(gates);

    private static string AllOf(IEnumerable<ISendGate> gates) => string.Join("\n    and ", gates.Select(gate => $"({gate.Condition})"));
}
