namespace SmsAi.Core.Features.Conversations;

/// <summary>
/// How a conversation passes from the AI to a person and back. Its row is locked first, as by the road; so either the AI's answer was
/// "sending" before, or it never will be.
/// </summary>
internal static class TakeOverSql
{
    /// <summary>$1 conversation: who has it now.</summary>
    public const string Lock = """
        select c.user_id, c.taken_by, coalesce(c.taken_name, ''), coalesce(c.taken_at, now()), s.state is not distinct from 'out',
          u.is_blocked or exists (select from blocked_senders b where b.phone_hash = u.phone_hash)
        from conversations c join users u on u.id = c.user_id left join consents s on s.phone_hash = u.phone_hash
        where c.id = $1 for update of c
        """;

    /// <summary>
    /// $1 conversation $2 answered by a person up to this position (0: none). Takes the AI off: an answer that isn't "sending" yet becomes a
    /// suggestion, a text that is being answered goes back into the queue, and the worker loses its lease, so that whatever it still brings is void.
    /// Returns answers kept as suggestions, texts that wait no longer, whether a lease was taken away, whether an answer is with the carrier.
    /// </summary>
    public const string Clear = """
        with mine as materialized (
          select q.id, q.state, q.position, q.outbound_id, q.outbound_at, o.state as outbound_state, o.kind
          from queue q left join messages o on o.id = q.outbound_id and o.created_at = q.outbound_at
          where q.conversation_id = $1 and q.inbound_id is not null),
        written as (
          update messages o set state = (case m.kind when 'answer' then 'draft' else 'cancelled' end)::message_state from mine m
          where o.id = m.outbound_id and o.created_at = m.outbound_at and m.outbound_state in ('draft', 'pending', 'held')
            and m.kind in ('answer', 'apology', 'notice')
          returning m.id as item_id, o.id as message_id, m.kind),
        gone as (
          delete from queue q using mine m
          where q.id = m.id and (exists (select from written w where w.item_id = m.id) or (m.outbound_id is null and m.position <= $2))
          returning q.id, m.state),
        again as (
          update queue q set state = 'queued', run_at = clock_timestamp() from mine m
          where q.id = m.id and m.state = 'running' and m.outbound_id is null and m.position > $2 returning q.id),
        counted as (
          select (select count(*) from gone) as gone, (select count(*) from written where kind = 'answer') as drafts,
            exists (select from again) or exists (select from gone where state = 'running') as stolen,
            exists (select from mine where outbound_state in ('sending', 'uncertain')) as with_carrier),
        c as (
          update conversations c set version = c.version + n.gone, pending = greatest(0, c.pending - n.gone::int), fence = c.fence + n.stolen::int,
            lease_owner = case when n.stolen then null else c.lease_owner end, lease_token = case when n.stolen then null else c.lease_token end,
            lease_until = case when n.stolen then null else c.lease_until end
          from counted n where c.id = $1 returning c.id, c.version - n.gone as version),
        told as (
          insert into events (stream_id, version, type, correlation_id, data)
          select c.id, c.version + row_number() over (order by g.id), 'ignored', g.id, jsonb_build_object('m', coalesce(w.message_id, g.id), 'why', 'taken')
          from c, gone g left join written w on w.item_id = g.id)
        select drafts, gone, stolen, with_carrier from counted
        """;

    /// <summary>$1 conversation $2 operator $3 her name $4 who had it before, or null $5 answers kept as suggestions $6 an answer is with the carrier</summary>
    public const string Take = """
        with c as (
          update conversations set taken_by = $2, taken_name = $3, taken_at = clock_timestamp(), taken_seen = clock_timestamp(), version = version + 1
          where id = $1 returning id, version)
        insert into events (stream_id, version, type, data)
        select id, version, 'taken', jsonb_build_object('id', $2, 'by', $3, 'from', $4::text, 'drafts', $5::int, 'carrier', $6::boolean) from c
        """;

    /// <summary>$1 conversation $2 by whom $3 why ("hand", "idle")</summary>
    public const string GiveBack = """
        with c as (
          update conversations set taken_by = null, taken_name = null, taken_at = null, taken_seen = null, version = version + 1
          where id = $1 and taken_by is not null returning id, version)
        insert into events (stream_id, version, type, data) select id, version, 'given_back', jsonb_build_object('by', $2::text, 'why', $3::text) from c
        """;

    /// <summary>
    /// $1 conversation: her newest text, if nobody has answered it, is the AI's to answer again; with the suggestion, if there is one for it.
    /// </summary>
    public const string Resume = """
        with text as materialized (
          select m.id, m.created_at, m.position, m.state from messages m where m.conversation_id = $1 and m.direction = 'in'
          order by m.created_at desc, m.id desc limit 1),
        open as materialized (
          select t.id, t.created_at from text t
          where t.state = 'received' and not exists (select from queue q where q.id = t.id)
            and not exists (select from dead_letters d where d.inbound_id = t.id and d.resolved_at is null)
            and not exists (select from messages o where o.conversation_id = $1 and o.direction = 'out' and o.created_at >= t.created_at
              and o.position > t.position and o.state not in ('draft', 'cancelled'))),
        draft as (
          update messages o set state = 'pending' from (
            select m.id, m.created_at from messages m, open where m.conversation_id = $1 and m.created_at >= open.created_at and m.reply_to = open.id
              and m.kind = 'answer' and m.state = 'draft' order by m.created_at desc, m.id desc limit 1) d
          where o.id = d.id and o.created_at = d.created_at returning o.id, o.created_at),
        c as (
          update conversations c set version = c.version + 1, pending = c.pending + 1 from open where c.id = $1 returning c.id, c.user_id, c.version),
        queued as (
          insert into queue (id, conversation_id, user_id, inbound_id, outbound_id, message_at, outbound_at, position)
          select open.id, c.id, c.user_id, open.id, draft.id, open.created_at, draft.created_at, c.version from c, open left join draft on true)
        insert into events (stream_id, version, type, correlation_id, data)
        select c.id, c.version, 'replayed', open.id, jsonb_build_object('m', open.id) from c, open
        """;

    /// <summary>$1 how long nobody acted $2 at most</summary>
    public const string Idle = """
        select id from conversations where taken_by is not null and taken_seen < clock_timestamp() - $1::interval order by taken_seen limit $2
        """;

    /// <summary>$1 conversation $2 how long nobody acted: still so, now that it is locked.</summary>
    public const string IsIdle = "select taken_by is not null and taken_seen < clock_timestamp() - $2::interval from conversations where id = $1 for update";

    /// <summary>$1 conversation $2 operator: she is at it. Written at most every ten seconds.</summary>
    public const string Touch = """
        update conversations set taken_seen = clock_timestamp()
        where id = $1 and taken_by = $2 and taken_seen < clock_timestamp() - interval '10 seconds'
        """;

    /// <summary>$1 conversation $2 position: something was sent to her since then.</summary>
    public const string SentSince = """
        select exists (
          select from messages o where o.conversation_id = $1 and o.direction = 'out' and o.position > $2 and o.state not in ('draft', 'cancelled')
            and o.created_at > now() - interval '1 day')
        """;

    /// <summary>$1 message $2 conversation $3 operator $4 her name $5 sent again, or null $6 why, or null</summary>
    public const string NoteHand = """
        insert into hand_texts (message_id, conversation_id, operator_id, by_name, resend_of, reason) values ($1, $2, $3, $4, $5, $6)
        """;

    /// <summary>$1 conversation $2 message: a suggestion nobody wants.</summary>
    public const string Dismiss = """
        with gone as (
          update messages o set state = 'cancelled' where o.conversation_id = $1 and o.id = $2 and o.kind = 'answer' and o.state = 'draft' returning o.id, o.reply_to),
        c as (update conversations c set version = c.version + 1 from gone where c.id = $1 returning c.id, c.version)
        insert into events (stream_id, version, type, correlation_id, data)
        select c.id, c.version, 'ignored', coalesce(nullif(gone.reply_to, 0), gone.id), jsonb_build_object('m', gone.id, 'why', 'dismissed') from c, gone
        """;

    /// <summary>$1 message: what may be sent again; never what the carrier may have.</summary>
    public const string Resendable = """
        select m.conversation_id, m.key_id, m.body_cipher, m.state::text,
          (select h.message_id from hand_texts h where h.resend_of = m.id)
        from messages m where m.id = $1 and m.direction = 'out'
        """;
}
