namespace SmsAi.Core.Features.Conversations;

/// <summary>What the thread of one conversation reads.</summary>
internal static class ThreadSql
{
    /// <summary>$1 conversation</summary>
    public const string Head = """
        select c.id, c.user_id, c.our_number, c.channel, c.created_at, u.alias, u.phone_tail, t.name,
          exists (select from queue q where q.conversation_id = c.id and q.state = 'running' and q.inbound_id is not null and q.outbound_id is null)
        from conversations c join users u on u.id = c.user_id join tiers t on t.id = u.tier_id where c.id = $1
        """;

    /// <summary>
    /// $1 conversation $2 cursor's time $3 cursor's number $4 how many: along messages_thread, newest first. What was only suggested is not here.
    /// </summary>
    public const string Lines = """
        select m.id, m.created_at, m.direction = 'in', m.kind::text, s.shown, m.position, m.num_segments, m.num_media, m.model_micros + m.carrier_micros,
          m.answer_ms, m.error_code, m.error_text, m.carrier_status, length(m.body_cipher)
        from messages m
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
}
