namespace SmsAi.Core.Features.People;

/// <summary>What the page of one person reads.</summary>
internal static class PersonSql
{
    /// <summary>$1 user $2 this month</summary>
    public const string Profile = """
        select u.id, u.version, u.alias, u.phone_tail, t.name,
          u.country, case when x.blocked then 'blocked' when c.state = 'out' then 'optedout'
            when exists (select from holds h where h.user_id = u.id) then 'held' when u.muted_until > now() then 'muted' else 'active' end,
          u.created_at, a.last_active, case when a.counted_month >= $2 then a.texts_month else 0 end,
          case when a.spend_month >= $2 then a.spend_micros else 0 end, a.spend_month, a.spend_micros,
          u.tags, u.tier_id, x.blocked, u.muted_until, a.texts_total, u.timezone, u.preferences::text, u.billing_customer_id,
          c.state, c.source, c.at, u.phone_cipher is not null, u.phone_hash, u.persona_config::text,
          (select max(k.id) from conversations k where k.user_id = u.id), u.name_cipher is not null or u.email_cipher is not null
        from users u join user_activity a on a.user_id = u.id join tiers t on t.id = u.tier_id left join consents c on c.phone_hash = u.phone_hash
        cross join lateral (select u.is_blocked or exists (select from blocked_senders b where b.phone_hash = u.phone_hash) as blocked) x
        where u.id = $1
        """;

    /// <summary>$1 user</summary>
    public const string Holds = "select id, reason, by_name, at, until from holds where user_id = $1 order by at desc";

    /// <summary>$1 user $2 older than this text, or null $3 at most. The answer and the text are looked up in their own months.</summary>
    public const string Tasks = """
        select k.id, k.inbound_id, k.created_at, k.category, coalesce(o.state, i.state)::text, o.model, k.tokens_used, k.processing_ms,
          coalesce(o.model_micros + o.carrier_micros, 0), k.error_message
        from (
          select * from tasks where user_id = $1
            and ($2 is null or (created_at, id) < (select created_at, id from tasks where id = $2)) order by created_at desc, id desc limit $3) k
        left join messages i on i.id = k.inbound_id and i.created_at = k.inbound_at
        left join messages o on o.id = k.outbound_id and o.created_at = k.outbound_at
        order by k.created_at desc, k.id desc
        """;

    /// <summary>What went wrong with her texts and ours, newest first. $1 user $2 at most</summary>
    public const string Errors = """
        select m.id, m.created_at, m.direction = 'in', m.state::text, m.error_code, coalesce(m.error_text, d.last_fault), d.reason
        from conversations c
        cross join lateral (
          select m.id, m.created_at, m.direction, m.state, m.error_code, m.error_text from messages m
          where m.conversation_id = c.id and (m.state in ('failed', 'undelivered', 'dead_letter', 'uncertain', 'needs_person') or m.error_code is not null)
          order by m.created_at desc, m.id desc limit $2) m
        left join lateral (select d.reason, d.last_fault from dead_letters d where d.message_id = m.id order by d.at desc limit 1) d on true
        where c.user_id = $1 order by m.created_at desc, m.id desc limit $2
        """;

    /// <summary>When she opted out and in by a text, newest first. $1 user $2 at most</summary>
    public const string Consents = """
        select e.created_at, e.data ->> 'consent', coalesce((e.data ->> 'm')::bigint, e.correlation_id) from conversations c join events e on e.stream_id = c.id
        where c.user_id = $1 and e.type = 'received' and e.data ->> 'consent' is not null order by e.created_at desc, e.id desc limit $2
        """;
}
