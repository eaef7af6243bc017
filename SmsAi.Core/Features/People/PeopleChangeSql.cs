namespace SmsAi.Core.Features.People;

/// <summary>How people are changed. They are locked in the order of their hashes, as everywhere.</summary>
internal static class PeopleChangeSql
{
    /// <summary>$1 user[] $2 tag, or null $3 at most so many. No join: whoever waited for a row would lose it, if it no longer fits the tier it was joined with.</summary>
    public const string Lock = """
        select u.id, u.version, (select t.name from tiers t where t.id = u.tier_id), u.is_blocked or exists (select from blocked_senders b where b.phone_hash = u.phone_hash),
          case when $2::text is null then 0 when u.tags @> array[$2] then 1 when cardinality(u.tags) >= $3 then 2 else 0 end
        from users u where u.id = any($1) order by u.phone_hash for no key update of u
        """;

    /// <summary>$1 user[] $2 tier's name</summary>
    public const string Move = "update users set tier_id = (select id from tiers where name = $2), version = version + 1 where id = any($1)";

    /// <summary>$1 user[] $2 blocked</summary>
    public const string Block = "update users set is_blocked = $2, version = version + 1 where id = any($1)";

    /// <summary>$1 user[] $2 tag</summary>
    public const string PutTag = "update users set tags = array_append(tags, $2), version = version + 1 where id = any($1)";

    /// <summary>$1 user[] $2 tag</summary>
    public const string TakeTag = "update users set tags = array_remove(tags, $2), version = version + 1 where id = any($1)";

    /// <summary>$1 user[]: who is unblocked is answered again, so her number doesn't stay blocked either.</summary>
    public const string FreeNumbers = "delete from blocked_senders b using users u where u.id = any($1) and b.phone_hash = u.phone_hash";

    /// <summary>$1 resource: who acted on it last, within a day.</summary>
    public const string LastActor = "select actor from audit where at > now() - interval '1 day' and resource = $1 order by at desc, id desc limit 1";

    /// <summary>$1 mark $2 about when, or null: now. Who was changed under it within the hour, with what each was before.</summary>
    public const string ChangedUnder = """
        select b.key, p.id::bigint from audit a cross join lateral jsonb_each(a.metadata -> 'before') b cross join lateral jsonb_array_elements_text(b.value) p(id)
        where a.at > coalesce($2, now()) - interval '1 hour' and ($2 is null or a.at < $2 + interval '1 hour') and a.resource = 'users' and a.metadata ->> 'change' = $1
        """;

    /// <summary>$1 line of the trail</summary>
    public const string Line = "select action, resource, metadata::text, at from audit where id = $1";

    /// <summary>$1 user[]</summary>
    public const string PreviewOf = """
        select t.name, x.blocked, count(*) from users u join tiers t on t.id = u.tier_id
        cross join lateral (select u.is_blocked or exists (select from blocked_senders b where b.phone_hash = u.phone_hash) as blocked) x
        where u.id = any($1) group by t.priority, t.id, t.name, x.blocked order by t.priority, t.id, x.blocked
        """;

    /// <summary>With the parameters of <see cref="PeopleListSql"/>.</summary>
    public const string PreviewAll = $"""
        select t.name, x.blocked, count(*) {PeopleListSql.From} join tiers t on t.id = u.tier_id
        cross join lateral (select u.is_blocked or exists (select from blocked_senders b where b.phone_hash = u.phone_hash) as blocked) x
        where {PeopleListSql.Where} group by t.priority, t.id, t.name, x.blocked order by t.priority, t.id, x.blocked
        """;

    /// <summary>$1 user[] $2 tag $3 at most so many</summary>
    public const string PreviewTagOf = """
        select x.place, count(*) from users u
        cross join lateral (select case when u.tags @> array[$2] then 1 when cardinality(u.tags) >= $3 then 2 else 0 end as place) x
        where u.id = any($1) group by x.place order by x.place
        """;

    /// <summary>With the parameters of <see cref="PeopleListSql"/>, and $19 tag $20 at most so many.</summary>
    public const string PreviewTagAll = $"""
        select x.place, count(*) {PeopleListSql.From}
        cross join lateral (select case when u.tags @> array[$19] then 1 when cardinality(u.tags) >= $20 then 2 else 0 end as place) x
        where {PeopleListSql.Where} group by x.place order by x.place
        """;

    /// <summary>The next of all that match, by id, after $11. With the parameters of <see cref="PeopleListSql"/>.</summary>
    public const string Next = $"select u.id {PeopleListSql.From} where {PeopleListSql.Where} and ($11 is null or u.id > $11) order by u.id limit $10";
}
