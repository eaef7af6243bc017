namespace SmsAi.Core.Features.Auditing;

/// <summary>The trail's statements. Lists go by audit_newest; their cursor is the time and number of the last line seen.</summary>
internal static class AuditSql
{
    private const string Columns = """
        select a.id, a.at, a.actor, a.actor_id, a.role, a.action, a.resource, a.metadata::text, host(a.ip), a.session, a.previous_hash, a.hash from audit a

        """;

    /// <summary>$1 from $2 until $3 actor $4 act $5 words</summary>
    private const string Where = """
        where a.at >= $1 and ($2::timestamptz is null or a.at < $2) and ($3::text is null or a.actor = $3) and ($4::text is null or a.action = $4)
          and ($5::text is null or strpos(lower(a.resource), lower($5)) > 0 or strpos(lower(coalesce(a.metadata ->> 'reason', '')), lower($5)) > 0
            or a.id::text = $5 or a.session = $5 or a.metadata ->> 'correlation' = $5
            or a.resource = (select 'user:' || u.id from users u where u.alias = lower($5)))

        """;

    /// <summary>And $6 the line before the first of the page; null: from the newest. $7 how many</summary>
    public const string Older = Columns + Where + """
          and ($6::bigint is null or (a.at, a.id) < ((select c.at from audit c where c.id = $6), $6))
        order by a.at desc, a.id desc limit $7
        """;

    /// <summary>And $6 the line after the last of the page $7 how many. Oldest first.</summary>
    public const string Newer = Columns + Where + """
          and (a.at, a.id) > ((select c.at from audit c where c.id = $6), $6)
        order by a.at, a.id limit $7
        """;

    /// <summary>And $6 count to at most</summary>
    public const string Count = "select count(*)::int from (select from audit a " + Where + " limit $6) counted";

    /// <summary>$1 line</summary>
    public const string One = Columns + "where a.id = $1";

    /// <summary>$1 lines[]</summary>
    public const string These = Columns + "where a.id = any($1)";

    /// <summary>$1 line</summary>
    public const string CountAfter = "select count(*) from audit where id > $1";

    /// <summary>$1 resource $2 act</summary>
    public const string LastActor = """
        select actor from audit where at > now() - interval '1 day' and action = $2 and resource = $1 order by at desc, id desc limit 1
        """;

    /// <summary>Each name once, by steps along audit_actor.</summary>
    public const string Actors = """
        with recursive known as (
          (select actor as name from audit order by actor limit 1)
          union all
          select (select a.actor from audit a where a.actor > k.name order by a.actor limit 1) from known k where k.name is not null)
        select name from known where name is not null limit 500
        """;

    /// <summary>Each act once, by steps along audit_action.</summary>
    public const string Actions = """
        with recursive known as (
          (select action as name from audit order by action limit 1)
          union all
          select (select a.action from audit a where a.action > k.name order by a.action limit 1) from known k where k.name is not null)
        select name from known where name is not null limit 500
        """;

    /// <summary>$1 people[]</summary>
    public const string People = "select id, alias, phone_tail from users where id = any($1)";

    private const string NoHash = @"'\x0000000000000000000000000000000000000000000000000000000000000000'::bytea";

    private const string Computed = "audit_hash(a.id, a.at, a.actor, a.actor_id, a.role, a.action, a.resource, a.metadata, a.ip, a.session, a.previous_hash)";

    /// <summary>The whole chain: how many rows, the last one, the first that doesn't follow, and what the head says.</summary>
    public const string Walk = """
        select w.rows, w.last, w.broken, h.id, h.hash, (select l.hash from audit l where l.id = w.last)
        from (
          select count(*) as rows, coalesce(max(id), 0) as last,
            min(id) filter (where id <> before + 1 or previous_hash is distinct from before_hash or hash is distinct from computed) as broken
          from (
            select a.id, a.hash, a.previous_hash, lag(a.id, 1, 0::bigint) over chain as before, lag(a.hash, 1, 
        """ + NoHash + ") over chain as before_hash, " + Computed + """
         as computed
            from audit a window chain as (order by a.id)) walked) w
        left join audit_head h on true
        """;

    /// <summary>$1 the broken row: which row is before it, whether it follows that one, whether its fields fit its hash, and which row belongs there instead.</summary>
    public const string Broken = """
        select coalesce(b.id, 0), a.previous_hash is not distinct from coalesce(b.hash, 
        """ + NoHash + "), a.hash is not distinct from " + Computed + """
        ,
          (select o.id from audit o where o.id <> $1 and o.previous_hash = coalesce(b.hash, 
        """ + NoHash + """
        ) order by o.id limit 1)
        from audit a left join lateral (select c.id, c.hash from audit c where c.id < a.id order by c.id desc limit 1) b on true
        where a.id = $1
        """;

    /// <summary>The oldest row an earlier walk found whole and that is another one now, or gone.</summary>
    public const string Rewritten = """
        select min(v.head_id) from audit_verdicts v left join audit a on a.id = v.head_id
        where v.fault is null and v.head_id > 0 and a.hash is distinct from v.head_hash
        """;

    /// <summary>$1 by $2 rows $3 took $4 head $5 its hash $6 fault $7 first broken $8 last broken</summary>
    public const string Keep = """
        insert into audit_verdicts (by_name, rows, took_ms, head_id, head_hash, fault, first_broken, last_broken) values ($1, $2, $3, $4, $5, $6, $7, $8)
        returning at
        """;

    public const string LastVerdict = """
        select at, by_name, rows, took_ms, head_id, head_hash, fault, first_broken, last_broken from audit_verdicts order by id desc limit 1
        """;
}
