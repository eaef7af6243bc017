namespace SmsAi.Core.Features.People;

/// <summary>
/// What the list of people reads. Every statement takes the same parameters; the pages' pool plans each anew, so that a filter that is
/// null leaves the plan and each order goes by its index.
/// $1 beginning of the alias $2 beginning of either of its words $3 last digits $4 tier $5 blocked $6 active since $7 country $8 micros at least
/// $9 this month $10 at most $11 place: id $12 its time $13 its alias $14 its month $15 its micros $16 one person's id $17 tag $18 who has it, while they are few
/// </summary>
internal static class PeopleListSql
{
    /// <summary>What <see cref="Where"/> speaks of: the person, and what her texts add up to.</summary>
    public const string From = "from users u join user_activity a on a.user_id = u.id";

    // Only a few are blocked: they are looked up, the others walked past.
    public const string Where = """
        ($1 is null or u.alias ^@ $1) and ($2 is null or u.alias ^@ $2 or split_part(u.alias, '-', 2) ^@ $2) and ($3 is null or u.phone_tail = $3)
          and ($4 is null or u.tier_id = $4)
          and ($5 is null
            or ($5 and u.id = any(array(
              select id from users where is_blocked union select k.id from blocked_senders b join users k on k.phone_hash = b.phone_hash)))
            or (not $5 and not u.is_blocked and not exists (select from blocked_senders b where b.phone_hash = u.phone_hash)))
          and ($6 is null or a.last_active >= $6) and ($7 is null or u.country = $7)
          and ($8 is null or (a.spend_month >= $9 and a.spend_micros >= $8)) and ($16 is null or u.id = $16) and ($17 is null or u.tags @> array[$17])
          and ($18 is null or u.id = any($18))
        """;

    private const string Narrow = $"""
        select u.id, u.version, u.alias, u.phone_tail, t.name,
          u.country, case when u.is_blocked or b.phone_hash is not null then 'blocked' when c.state = 'out' then 'optedout'
            when exists (select from holds h where h.user_id = u.id) then 'held' when u.muted_until > now() then 'muted' else 'active' end,
          u.created_at, u.last_active, case when u.counted_month >= $9 then u.texts_month else 0 end,
          case when u.spend_month >= $9 then u.spend_micros else 0 end, u.spend_month, u.spend_micros, u.tags
        from (
          select u.*, a.last_active, a.counted_month, a.texts_month, a.spend_month, a.spend_micros {From}
          where {Where}
        """;

    private const string Beside = """
        limit $10) u
        join tiers t on t.id = u.tier_id
        left join blocked_senders b on b.phone_hash = u.phone_hash
        left join consents c on c.phone_hash = u.phone_hash
        """;

    public const string NewestFirst = $"""
        {Narrow} and ($11 is null or (a.last_active <= $12 and (a.last_active, a.user_id) < ($12, $11))) order by a.last_active desc, a.user_id desc {Beside} order by u.last_active desc, u.id desc
        """;

    public const string OldestFirst = $"""
        {Narrow} and ($11 is null or (a.last_active >= $12 and (a.last_active, a.user_id) > ($12, $11))) order by a.last_active, a.user_id {Beside} order by u.last_active, u.id
        """;

    public const string FromA = $"{Narrow} and ($11 is null or u.alias > $13) order by u.alias {Beside} order by u.alias";

    public const string FromZ = $"{Narrow} and ($11 is null or u.alias < $13) order by u.alias desc {Beside} order by u.alias desc";

    public const string LatestSince = $"""
        {Narrow} and ($11 is null or (u.created_at <= $12 and (u.created_at, u.id) < ($12, $11))) order by u.created_at desc, u.id desc {Beside} order by u.created_at desc, u.id desc
        """;

    public const string EarliestSince = $"""
        {Narrow} and ($11 is null or (u.created_at >= $12 and (u.created_at, u.id) > ($12, $11))) order by u.created_at, u.id {Beside} order by u.created_at, u.id
        """;

    public const string Dearest = $"""
        {Narrow} and ($11 is null or (a.spend_month, a.spend_micros, a.user_id) < ($14, $15, $11)) order by a.spend_month desc, a.spend_micros desc, a.user_id desc
        {Beside} order by u.spend_month desc, u.spend_micros desc, u.id desc
        """;

    public const string Cheapest = $"""
        {Narrow} and ($11 is null or (a.spend_month, a.spend_micros, a.user_id) > ($14, $15, $11)) order by a.spend_month, a.spend_micros, a.user_id
        {Beside} order by u.spend_month, u.spend_micros, u.id
        """;

    /// <summary>Those with the tag $17 who wrote last: by the tags' index (offset 0 keeps the planner from walking everybody in search of a rare tag).</summary>
    public const string Tagged = $"""
        {Narrow} and u.id = any(array(
          select id from (select w.id, l.last_active from users w join user_activity l on l.user_id = w.id where w.tags @> array[$17] offset 0) t
          order by last_active desc, id desc limit $10))
        order by a.last_active desc, a.user_id desc {Beside} order by u.last_active desc, u.id desc
        """;

    /// <summary>Stops counting at $10.</summary>
    public const string Count = $"select count(*) from (select {From} where {Where} limit $10) found";

    public const string Estimate = $"explain (format json) select {From} where {Where}";

    /// <summary>$1 name. Asked beforehand: only from the id itself can the planner tell how many there are.</summary>
    public const string Tier = "select id from tiers where name = $1";

    /// <summary>$1 tag $2 at most. Asked beforehand: how rare a tag is no statistics tell, and whoever walks everybody in search of a rare one walks long.</summary>
    public const string TaggedIds = "select id from users where tags @> array[$1] limit $2";

    /// <summary>The tags of whoever was tagged among the newest 20,000 with one, the commonest first.</summary>
    public const string Tags = """
        select tag from (select unnest(tags) as tag from (select tags from users where tags <> '{}' order by id desc limit 20000) newest) carried
        group by tag order by count(*) desc, tag limit 100
        """;

    public const string Tiers = "select name from tiers order by priority, id";

    public static string Of(PeopleOrder order, bool descending) => (order, descending) switch
    {
        (PeopleOrder.LastText, true) => NewestFirst,
        (PeopleOrder.LastText, false) => OldestFirst,
        (PeopleOrder.Alias, false) => FromA,
        (PeopleOrder.Alias, true) => FromZ,
        (PeopleOrder.Since, true) => LatestSince,
        (PeopleOrder.Since, false) => EarliestSince,
        (_, true) => Dearest,
        _ => Cheapest,
    };
}
