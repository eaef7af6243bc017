namespace SmsAi.Core.Features.Stories;

/// <summary>
/// The list of all messages. It walks along messages_newest and stops when the page is full; what it says besides is looked up row by row
/// (limit 1 keeps the planner from joining first and sorting everything). Each page is planned for its own filter, so that a rare kind, an odd
/// state or the few that wait are found by their index, and a filter that is null leaves the plan.
/// </summary>
internal static class MessageListSql
{
    /// <summary>
    /// $1 from $2 until $3 states in rows[] $4 shown state $5 kind $6 inbound $7 alias $8 from micros $9 cursor's time $10 cursor's number $11 how many
    /// $12 only odd states $13 only these ids.
    /// A queue item bears the id of the text that asked for it, else of the message it sends.
    /// </summary>
    private const string From = """
        select m.id, m.created_at, m.direction = 'in', coalesce(u.alias, ''), coalesce(u.phone_tail, ''), m.kind::text, t.category, s.shown, m.answer_ms,
          m.model_micros + m.carrier_micros, length(m.body_cipher)
        from messages m
        left join lateral (select q.state, q.outbound_id from queue q where q.id = coalesce(nullif(m.reply_to, 0), m.id) limit 1) q on true
        left join lateral (
          select case when k.outbound_id is not null then k.category end as category, k.outbound_id from tasks k
          where k.inbound_id = coalesce(nullif(m.reply_to, 0), m.id) limit 1) t on true
        cross join lateral (
          select case
            when m.direction = 'in' and m.state = 'received' then
              case when q.state = 'held' then 'held' when coalesce(q.outbound_id, t.outbound_id) is not null then 'answered'
                when q.state = 'running' then 'answering' when q.state = 'queued' then 'queued' else 'received' end
            when m.direction = 'out' and m.state = 'pending' then case when q.state = 'held' then 'held' else 'queued' end
            else m.state::text end as shown) s
        left join lateral (select p.alias, p.phone_tail from users p where p.id = m.user_id limit 1) u on true
        where m.created_at >= $1 and ($2::timestamptz is null or m.created_at < $2)
          and ($3::message_state[] is null or m.state = any($3::message_state[])) and ($4::text is null or s.shown = $4)
          and ($5::message_kind is null or m.kind = $5) and ($6::boolean is null or (m.direction = 'in') = $6)
          and ($7::text is null or m.conversation_id = any(array(select c.id from conversations c join users a on a.id = c.user_id where a.alias = $7)))
          and ($8::bigint is null or m.model_micros + m.carrier_micros >= $8) and ($12::boolean is null or m.is_odd) and ($13::bigint[] is null or m.id = any($13))

        """;

    /// <summary>$1 at most: what the queue works on or holds, by the number of its text and of what it sends.</summary>
    public const string Living = "select id from (select id from queue union select outbound_id from queue where outbound_id is not null) q limit $1";

    public const string Older = From + """
          and ($9::timestamptz is null or (m.created_at, m.id) < ($9, $10::bigint))
        order by m.created_at desc, m.id desc limit $11
        """;

    /// <summary>Oldest first.</summary>
    public const string Newer = From + """
          and (m.created_at, m.id) > ($9::timestamptz, $10::bigint)
        order by m.created_at, m.id limit $11
        """;
}
