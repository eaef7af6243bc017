namespace SmsAi.Core.Features.Stopping;

/// <summary>The statements about holds and blocked numbers; the gates that obey them stand in the road.</summary>
internal static class HoldsSql
{
    private const string Resource = """
        case when h.user_id is not null then 'user:' || h.user_id when h.tier_id is not null then 'tier:' || (select t.name from tiers t where t.id = h.tier_id)
          when h.kind is not null then 'kind:' || h.kind else 'number' end
        """;

    /// <summary>$1 at most</summary>
    public const string All = """
        select h.id, case when h.user_id is not null then 'person' when h.tier_id is not null then 'tier' when h.kind is not null then 'kind'
            when h.our_number is not null then 'number' else 'broadcast' end,
          coalesce(t.name, h.kind::text, h.our_number, h.broadcast_id::text, ''), u.id, u.alias, u.phone_tail, h.reason, h.by_name, h.at, h.until,
          (select count(*) from queue q join conversations c on c.id = q.conversation_id left join messages o on o.id = q.outbound_id and o.created_at = q.outbound_at
            where q.state = 'held' and (q.user_id = h.user_id or c.our_number = h.our_number or o.kind = h.kind or (h.kind = 'answer' and coalesce(o.kind, 'apology') = 'apology')
              or exists (select from users w where w.id = q.user_id and w.tier_id = h.tier_id)))
        from (select * from holds order by at desc, id desc limit $1) h left join users u on u.id = h.user_id left join tiers t on t.id = h.tier_id
        order by h.at desc, h.id desc
        """;

    /// <summary>What keeps answers from being written.</summary>
    public const string Answers = "select user_id, our_number, tier_id, kind is not null from holds where kind is null or kind = 'answer'";

    /// <summary>$1 alias $2 hash of a number</summary>
    public const string Find = "select id from users where alias = $1 or phone_hash = $2";

    /// <summary>$1 user $2 our number $3 tier's name $4 kind $5 reason $6 by $7 until</summary>
    public const string Place = """
        insert into holds (user_id, our_number, tier_id, kind, reason, by_name, until)
        values ($1, $2, (select id from tiers where name = $3), $4::message_kind, $5, $6, $7) returning id
        """;

    /// <summary>$1 hold; its resource in the trail. It is kept aside, to be put back.</summary>
    public const string Lift = $"""
        with h as (delete from holds where id = $1 returning *),
        kept as (insert into lifted_holds (id, user_id, our_number, broadcast_id, tier_id, kind, reason, until)
          select id, user_id, our_number, broadcast_id, tier_id, kind, reason, until from h)
        select {Resource} from h
        """;

    /// <summary>$1 hold that was lifted: its resource, its end, whether that is over, and who holds the same again.</summary>
    public const string Lifted = $"""
        select {Resource}, h.until, coalesce(h.until <= clock_timestamp(), false), (select k.by_name from holds k where (k.user_id, k.our_number, k.broadcast_id, k.tier_id, k.kind)
          is not distinct from (h.user_id, h.our_number, h.broadcast_id, h.tier_id, h.kind) limit 1)
        from lifted_holds h where h.id = $1 for update of h
        """;

    /// <summary>$1 hold that was lifted $2 by; the new hold's id</summary>
    public const string HoldAgain = """
        with back as (delete from lifted_holds where id = $1 returning *)
        insert into holds (user_id, our_number, broadcast_id, tier_id, kind, reason, by_name, until)
        select user_id, our_number, broadcast_id, tier_id, kind, reason, $2, until from back returning id
        """;

    /// <summary>$1 hold: its resource, who holds since when.</summary>
    public const string Standing = $"select {Resource}, h.by_name, h.at from holds h where h.id = $1";

    /// <summary>$1 blocked number: its digits, who blocks it since when.</summary>
    public const string BlockedNow = "select phone_tail, by_name, at from blocked_senders where id = $1";

    /// <summary>$1 number that was freed: its hash, digits, reason, end, whether that is over, and who blocks it again.</summary>
    public const string Freed = """
        select f.phone_hash, f.phone_tail, f.reason, f.until, coalesce(f.until <= clock_timestamp(), false),
          (select b.by_name from blocked_senders b where b.phone_hash = f.phone_hash)
        from freed_senders f where f.id = $1 for update of f
        """;

    /// <summary>$1 number that was freed</summary>
    public const string Forget = "delete from freed_senders where id = $1";

    /// <summary>$1 before this</summary>
    public const string ForgetLifted = "delete from lifted_holds where at < $1";

    /// <summary>$1 before this</summary>
    public const string ForgetFreed = "delete from freed_senders where at < $1";

    /// <summary>Those whose time is over.</summary>
    public const string LiftOver = $"""
        delete from holds h where h.id in (select id from holds where until <= clock_timestamp() for update skip locked) returning h.id, {Resource}
        """;

    private const string Blocked = """
        select b.id, u.id, u.alias, coalesce(u.phone_tail, b.phone_tail), b.reason, b.by_name, b.at, b.until
        from blocked_senders b left join users u on u.phone_hash = b.phone_hash

        """;

    /// <summary>$1 older than this, or null $2 how many</summary>
    public const string OlderBlocked = Blocked + "where ($1::bigint is null or b.id < $1) order by b.id desc limit $2";

    /// <summary>$1 newer than this $2 how many. Oldest first.</summary>
    public const string NewerBlocked = Blocked + "where b.id > $1 order by b.id limit $2";

    /// <summary>Numbers, and people who are blocked as such. Both are few.</summary>
    public const string CountBlocked = "select (select count(*) from blocked_senders), (select count(*) from users where is_blocked)";

    /// <summary>$1 hash $2 tail $3 reason $4 by $5 until; nothing when it is blocked already.</summary>
    public const string Block = """
        insert into blocked_senders (phone_hash, phone_tail, reason, by_name, until) values ($1, $2, $3, $4, $5) on conflict (phone_hash) do nothing returning id
        """;

    /// <summary>$1 blocked number. Its hash is kept aside, to block it again.</summary>
    public const string Free = """
        with freed as (delete from blocked_senders where id = $1 returning *),
        kept as (insert into freed_senders (id, phone_hash, phone_tail, reason, until) select id, phone_hash, phone_tail, reason, until from freed)
        select phone_hash, phone_tail, reason, until from freed
        """;

    /// <summary>Those whose time is over.</summary>
    public const string FreeOver = """
        delete from blocked_senders b where b.id in (select id from blocked_senders where until <= clock_timestamp() for update skip locked) returning b.id
        """;
}
