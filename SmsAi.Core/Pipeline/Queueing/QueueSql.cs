namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>The queue's statements: claim, load, settle and release, renew, wake. Lock order as in the intake.</summary>
internal static class QueueSql
{
    /// <summary>
    /// An item that stands before another of its conversation keeps it waiting, unless it has been retrying for two minutes.
    /// </summary>
    private const string Blocks =
        "not (o.state = 'queued' and o.run_at > clock_timestamp() and o.first_try_at < clock_timestamp() - interval '2 minutes')";

    /// <summary>
    /// $1 class $2 at most $3 replica $4 lease time $5 crashes of a suspect $6 suspects or all others.
    /// The lease, not this order, keeps runs of one conversation apart.
    /// </summary>
    public const string Claim = $"""
        with due as materialized (
          select q.id, q.conversation_id from queue q
          where q.class = $1 and q.state <> 'held' and q.run_at <= clock_timestamp()
            and (q.crashes + case when q.state = 'running' and (select c.lease_owner is distinct from $3 from conversations c where c.id = q.conversation_id)
              then 1 else 0 end = $5) = $6
            -- One look-up for each item. As a join it was planned once over an empty queue, and then read every conversation for every item.
            and (select c.lease_until is null or c.lease_until < clock_timestamp() from conversations c where c.id = q.conversation_id)
            -- What a lost worker had in hand comes first, also before a send that was put ahead of it meanwhile.
            and (q.state = 'running' or (
              not exists (select from queue r where r.conversation_id = q.conversation_id and r.state = 'running')
              and not exists (select from queue o where o.conversation_id = q.conversation_id and o.position < q.position and {Blocks}
                -- A send that no text asked for may overtake what is held, and the texts that wait behind that.
                and not (q.inbound_id is null and (o.state = 'held' or (o.inbound_id is not null and exists (
                  select from queue h where h.conversation_id = o.conversation_id and h.position < o.position and h.state = 'held')))))))
          -- Some of them may be locked by another replica that claims just now.
          order by q.priority desc, q.run_at limit $2 * 4),
        pick as (
          -- A lease that this very replica let run out was no crash: here it is, alive.
          select c.id as conversation_id, q.id as item_id, q.state = 'running' and c.lease_owner is distinct from $3 as crashed from due
          cross join lateral (
            select c.id, c.lease_owner from conversations c
            where c.id = due.conversation_id and (c.lease_until is null or c.lease_until < clock_timestamp()) for update skip locked) c
          cross join lateral (
            select q.id, q.state from queue q
            where q.id = due.id and q.state <> 'held' and q.run_at <= clock_timestamp() for update skip locked) q
          limit $2),
        leased as (
          update conversations c set lease_owner = $3, lease_token = null, lease_until = clock_timestamp() + $4, fence = c.fence + 1
          from pick where c.id = pick.conversation_id returning c.id, c.fence),
        runs as (
          update queue q set state = 'running', crashes = q.crashes + pick.crashed::int
          from pick where q.id = pick.item_id returning q.id, q.conversation_id)
        select runs.id, leased.fence from runs join leased on leased.id = runs.conversation_id
        """;

    /// <summary>$1 item ids[] $2 fences[]: everything a turn needs, ciphertexts included.</summary>
    public const string Load = """
        select q.id, x.fence, q.conversation_id, q.inbound_id, q.message_at, q.position, q.class, q.tries, q.crashes, q.looks, q.consent_change,
          u.id, u.phone_hash, u.phone_cipher, u.tier_id, u.is_blocked or exists (select from blocked_senders b where b.phone_hash = u.phone_hash), u.muted_until,
          coalesce(s.state = 'out', false), c.our_number, c.channel, p.key_id, p.wrapped, coalesce(mi.verdict, 'valid'),
          mi.body_cipher, mi.content_hash, k.key_id, k.wrapped,
          mo.id, mo.created_at, mo.kind::text, mo.state::text, mo.attempt, mo.sending_at, mo.body_cipher, mo.num_segments, clock_timestamp(),
          least(mi.sent_at, q.message_at), u.preferences::text, u.persona_config::text, u.timezone
        from unnest($1::bigint[], $2::bigint[]) x(item_id, fence)
        join queue q on q.id = x.item_id
        join conversations c on c.id = q.conversation_id
        join users u on u.id = q.user_id
        left join consents s on s.phone_hash = u.phone_hash
        left join user_keys p on p.user_id = u.id and p.month = date '1970-01-01'
        left join messages mi on mi.id = q.inbound_id and mi.created_at = q.message_at
        left join messages mo on mo.id = q.outbound_id and mo.created_at = q.outbound_at
        left join user_keys k on k.key_id = coalesce(mi.key_id, mo.key_id)
        """;

    /// <summary>
    /// Before anything else of a batch: $1 conversation ids[] $2 fences[]. Who writes joins by both: a turn that lost its lease may stand in one batch
    /// with the one that has it now.
    /// </summary>
    public const string Lock = """
        select c.id, c.fence, c.version from conversations c join unnest($1::bigint[], $2::bigint[]) x(id, fence) on c.id = x.id and c.fence = x.fence
        order by c.user_id, c.our_number, c.channel for update of c
        """;

    /// <summary>
    /// $1 conversation[] $2 fence[] $3 item[] $4 act[] $5 delay[] $6 held by[] $7 try counts[] $8 look counts[] $9 fault[] $10 inbound id[] $11 message at[]
    /// $12 inbound state[] $13 outbound id[] $14 outbound at[] $15 outbound state[] $16 attempt[] $17 rank[] $18 sid[] $19 carrier status[] $20 error code[]
    /// $21 error text[] $22 carrier micros[] $23 recovered[] $24 opts out[] $25 event type[] $26 event data[] $27 correlation[].
    /// A conversation in which more is pending keeps its lease, and is returned so: <see cref="Release"/> has the fresh snapshot that finds it.
    /// An item that doesn't run any more was settled before, and the answer to that commit was lost: nothing is written a second time.
    /// </summary>
    public const string Settle = $"""
        with locked as materialized (
          {Lock}),
        x as materialized (
          select x.*, locked.version, q.user_id from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::interval[], $6::text[], $7::smallint[], $8::smallint[],
            $9::text[], $10::bigint[], $11::timestamptz[], $12::text[]::message_state[], $13::bigint[], $14::timestamptz[], $15::text[]::message_state[], $16::smallint[],
            $17::smallint[], $18::text[], $19::text[], $20::int[], $21::text[], $22::bigint[], $23::text[], $24::boolean[], $25::text[], $26::jsonb[], $27::bigint[])
          x(conversation_id, fence, item_id, act, delay, held_by, try_counts, look_counts, fault, inbound_id, message_at, inbound_state,
            outbound_id, outbound_at, outbound_state, attempt, rank, sid, carrier_status, error_code, error_text, carrier_micros, recovered, opts_out,
            event_type, event_data, correlation_id)
          join locked on locked.id = x.conversation_id and locked.fence = x.fence
          join queue q on q.id = x.item_id and q.state = 'running'),
        {SettleSent},
        gone as (delete from queue q using x where q.id = x.item_id and x.act in ('done', 'dead')),
        inbound as (
          update messages i set state = x.inbound_state from x
          where x.inbound_state is not null and i.id = x.inbound_id and i.created_at = x.message_at),
        opted as (
          insert into consents (phone_hash, state, source)
          select distinct u.phone_hash, 'out', 'carrier' from x join users u on u.id = x.user_id where x.opts_out order by u.phone_hash
          on conflict (phone_hash) do update set state = 'out', source = 'carrier', at = now()),
        dead as (
          insert into dead_letters (message_id, message_at, conversation_id, user_id, inbound_id, outbound_id, outbound_at, class, reason, last_fault, tries, crashes)
          select q.id, q.message_at, q.conversation_id, q.user_id, q.inbound_id, q.outbound_id, q.outbound_at, q.class,
            coalesce(x.event_data ->> 'why', 'unknown'), x.fault, q.tries + x.try_counts, q.crashes
          from x join queue q on q.id = x.item_id where x.act = 'dead'),
        waits as (
          update queue q set state = (case x.act when 'hold' then 'held' else 'queued' end)::queue_state, held_by = x.held_by,
            run_at = clock_timestamp() + x.delay, tries = q.tries + x.try_counts, looks = q.looks + x.look_counts,
            first_try_at = coalesce(q.first_try_at, clock_timestamp()), last_fault = coalesce(x.fault, q.last_fault)
          from x where q.id = x.item_id and x.act in ('again', 'hold')),
        told as ({SettleEvents})
        update conversations c set version = c.version + (x.event_type is not null)::int, pending = greatest(0, c.pending - (x.act in ('done', 'dead'))::int),
          lease_until = case when c.pending > (x.act in ('done', 'dead'))::int then c.lease_until end,
          lease_owner = case when c.pending > (x.act in ('done', 'dead'))::int then c.lease_owner end, lease_token = null
        from x where c.id = x.conversation_id
        returning c.id, c.fence, c.pending > 0
        """;

    /// <summary>
    /// The same, where all <see cref="Settlement.IsPlain"/>: a statement costs what it could do, also when there is nothing of it to do.
    /// Nobody waits for the disk: if PostgreSQL crashes within its next commit, the send is found at the carrier again, like one whose worker died
    /// before it could say so. Whatever is on disk later, the person's next text included, is so only together with this.
    /// $1 conversation[] $2 fence[] $3 item[] $4 inbound id[] $5 message at[] $6 outbound id[] $7 outbound at[] $8 outbound state[] $9 attempt[] $10 rank[]
    /// $11 sid[] $12 carrier status[] $13 error code[] $14 error text[] $15 carrier micros[] $16 recovered[] $17 event type[] $18 event data[] $19 correlation[]
    /// </summary>
    public const string SettlePlain = $"""
        with locked as materialized (
          {Lock}),
        gone as (
          delete from queue q using unnest($1::bigint[], $2::bigint[], $3::bigint[]) i(conversation_id, fence, item_id)
          join locked on locked.id = i.conversation_id and locked.fence = i.fence
          where q.id = i.item_id and q.state = 'running' returning q.id),
        x as materialized (
          select x.*, locked.version from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::timestamptz[],
            $8::text[]::message_state[], $9::smallint[], $10::smallint[], $11::text[], $12::text[], $13::int[], $14::text[], $15::bigint[], $16::text[], $17::text[],
            $18::jsonb[], $19::bigint[])
          x(conversation_id, fence, item_id, inbound_id, message_at, outbound_id, outbound_at, outbound_state, attempt, rank, sid, carrier_status, error_code,
            error_text, carrier_micros, recovered, event_type, event_data, correlation_id)
          join locked on locked.id = x.conversation_id and locked.fence = x.fence
          join gone on gone.id = x.item_id),
        {SettleSent},
        told as ({SettleEvents})
        update conversations c set version = c.version + (x.event_type is not null)::int, pending = greatest(0, c.pending - 1),
          lease_until = case when c.pending > 1 then c.lease_until end, lease_owner = case when c.pending > 1 then c.lease_owner end, lease_token = null
        from x where c.id = x.conversation_id
        returning c.id, c.fence, c.pending > 0, (select set_config('synchronous_commit', 'off', true))
        """;

    private const string SettleSent = """
        outbound as (
          update messages o set
            -- A receipt may have come before the carrier's answer to the call; what it said stands.
            state = case when x.outbound_state = 'sent' and o.rank >= 40 then o.state else x.outbound_state end,
            rank = greatest(o.rank, x.rank), sid = coalesce(x.sid, o.sid),
            sent_at = case when x.outbound_state = 'sent' then clock_timestamp() else o.sent_at end,
            answer_ms = case when x.outbound_state = 'sent' and x.inbound_id is not null
              then least(extract(epoch from clock_timestamp() - x.message_at) * 1000, 2147483647)::int else o.answer_ms end,
            carrier_status = coalesce(o.carrier_status, x.carrier_status), error_code = coalesce(x.error_code, o.error_code),
            error_text = coalesce(x.error_text, o.error_text), carrier_micros = greatest(o.carrier_micros, x.carrier_micros),
            recovered = coalesce(x.recovered, o.recovered)
          from x where o.id = x.outbound_id and o.created_at = x.outbound_at and x.outbound_state is not null and o.attempt = x.attempt
            and (o.state in ('draft', 'pending', 'held', 'sending', 'uncertain') or x.outbound_state = 'sent')),
        sids as (
          insert into message_sids (twilio_sid, message_id, created_at, direction)
          select sid, outbound_id, outbound_at, 'out' from x where sid is not null order by sid on conflict do nothing)
        """;

    private const string SettleEvents = """
        insert into events (stream_id, version, type, correlation_id, data)
        select conversation_id, version + 1, event_type, correlation_id, event_data from x where event_type is not null
        """;

    /// <summary>
    /// After a settlement, where more is pending, with a fresh snapshot: $1 conversation[] $2 fence[] $3 lease time $4 may go on.
    /// Goes on with the conversation's next text under the same lease, or lets the conversation go; while the program stops, always the latter.
    /// </summary>
    public const string Release = $"""
        with x as materialized (
          select x.*, head.id as next_id
          from unnest($1::bigint[], $2::bigint[]) x(conversation_id, fence)
          join conversations c on c.id = x.conversation_id and c.fence = x.fence
          left join lateral (
            select h.id from (
              select o.id, o.state, o.run_at from queue o
              where $4 and o.conversation_id = x.conversation_id and {Blocks} order by o.position limit 1) h
            where h.state = 'queued' and h.run_at <= clock_timestamp()) head on true),
        runs as (update queue q set state = 'running' from x where q.id = x.next_id)
        update conversations c set lease_until = case when x.next_id is null then null else clock_timestamp() + $3 end,
          lease_owner = case when x.next_id is null then null else c.lease_owner end
        from x where c.id = x.conversation_id and c.fence = x.fence
        returning c.id, c.fence, x.next_id
        """;

    /// <summary>
    /// $1 conversation[] $2 fence[] $3 lease time; what does not come back was lost to another replica, or let go just now: never lease that again.
    /// One that somebody writes just now is left for the next time: waiting for it would let all the others run out, or end in a deadlock.
    /// </summary>
    public const string Renew = """
        with free as (
          select c.id from conversations c join unnest($1::bigint[], $2::bigint[]) x(id, fence) on c.id = x.id and c.fence = x.fence
          where c.lease_until is not null for update of c skip locked),
        renewed as (update conversations c set lease_until = clock_timestamp() + $3 from free where c.id = free.id)
        select c.id from conversations c join unnest($1::bigint[], $2::bigint[]) x(id, fence) on c.id = x.id and c.fence = x.fence
        where c.lease_until is not null
        """;

    /// <summary>What a switch or a hold kept, once no switch that stops the model is on, and no hold on her; anything unreadable keeps it held.</summary>
    public const string WakeTexts = """
        update queue q set state = 'queued', held_by = null, run_at = clock_timestamp()
        where q.state = 'held' and q.outbound_id is null
          and (select count(*) from controls where name in ('kill', 'pause', 'ai') and (not stopped or until <= clock_timestamp())) = 3
          and (q.held_by is distinct from 'hold' or not exists (
            select from conversations c join users u on u.id = c.user_id
              join holds h on h.user_id = u.id or h.our_number = c.our_number or h.tier_id = u.tier_id or h.kind = 'answer'
            where c.id = q.conversation_id))
        """;

    /// <summary>$1 item ids[]: items whose person was erased meanwhile; nobody is left to answer.</summary>
    public const string Drop = """
        with gone as (delete from queue q where q.id = any($1) returning q.conversation_id)
        update conversations c set lease_until = null, lease_owner = null, pending = greatest(0, c.pending - 1) from gone where c.id = gone.conversation_id
        """;
}
