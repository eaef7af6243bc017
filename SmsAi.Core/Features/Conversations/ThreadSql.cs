namespace SmsAi.Core.Features.Conversations;

/// <summary>What the thread of one conversation reads.</summary>
internal static class ThreadSql
{
    /// <summary>$1 conversation</summary>
    public const string Head = """
        select c.id, c.user_id, c.our_number, c.channel, c.created_at, u.alias, u.phone_tail, t.name,
          exists (select from queue q where q.conversation_id = c.id and q.state = 'running' and q.inbound_id is not null and q.outbound_id is null),
          c.taken_by, c.taken_name, c.taken_at, c.taken_seen
        from conversations c join users u on u.id = c.user_id join tiers t on t.id = u.tier_id where c.id = $1
        """;

    /// <summary>
    /// $1 conversation $2 cursor's time $3 cursor's number $4 how many: along messages_thread, newest first. What was only suggested is not here.
    /// </summary>
    public const string Lines = """
        select m.id, m.created_at, m.direction = 'in', m.kind::text, s.shown, m.position, m.num_segments, m.num_media, m.model_micros + m.carrier_micros,
          m.answer_ms, m.error_code, m.error_text, m.carrier_status, length(m.body_cipher),
          h.by_name, h.resend_of, exists (select from hand_texts a where a.resend_of = m.id), k.by_name
        from messages m
        left join hand_texts h on h.message_id = m.id
        left join message_marks k on k.message_id = m.id
        left join lateral (select q.state, q.outbound_id from queue q where q.id = coalesce(nullif(m.reply_to, 0), m.id) limit 1) q on true
        cross join lateral (
          select case
            when m.direction = 'in' and m.state = 'received' then
              case when q.state = 'held' then 'held' when q.state = 'running' and q.outbound_id is null then 'answering'
                when q.state = 'queued' and q.outbound_id is null then 'queued' else 'received' end
            when m.direction = 'out' and m.state = 'pending' then case when q.state = 'held' then 'held' else 'queued' end
            else m.state::text end as shown) s
        where m.conversation_id = $1 and m.state <> 'draft' and ($2::timestamptz is null or (m.created_at, m.id) < ($2, $3::bigint))
        order by m.created_at desc, m.id desc limit $4
        """;

    /// <summary>$1 conversation: the newest answer that only waits to be used, while nothing was sent after it.</summary>
    public const string Suggestion = """
        select m.id, m.created_at from messages m where m.conversation_id = $1 and m.kind = 'answer' and m.state = 'draft'
          and not exists (select from messages o where o.conversation_id = $1 and o.direction = 'out' and o.created_at >= m.created_at and o.position > m.position
            and o.state not in ('draft', 'cancelled'))
        order by m.created_at desc, m.id desc limit 1
        """;

    /// <summary>$1 conversation $2 from this position on: who answered from when.</summary>
    public const string Turns = """
        select version, created_at, type, data ->> 'by', data ->> 'from', coalesce((data ->> 'drafts')::int, 0), coalesce((data ->> 'carrier')::boolean, false),
          data ->> 'why'
        from events where stream_id = $1 and version >= $2 and type in ('taken', 'given_back') order by version desc limit 100
        """;
}
