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
          u.tier_id, x.blocked, u.muted_until, a.texts_total, u.timezone, u.preferences::text, u.tags, u.billing_customer_id,
          c.state, c.source, c.at, u.phone_cipher is not null, u.phone_hash
        from users u join user_activity a on a.user_id = u.id join tiers t on t.id = u.tier_id left join consents c on c.phone_hash = u.phone_hash
        cross join lateral (select u.is_blocked or exists (select from blocked_senders b where b.phone_hash = u.phone_hash) as blocked) x
        where u.id = $1
        """;

    /// <summary>$1 user</summary>
    public const string Holds = "select id, reason, by_name, at from holds where user_id = $1 order by at desc";

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

    /// <summary>$1 user: her number under her profile key.</summary>
    public const string Number = """
        select u.phone_cipher, k.key_id from users u join user_keys k on k.user_id = u.id and k.month = date '1970-01-01'
        where u.id = $1 and u.phone_cipher is not null
        """;
}
