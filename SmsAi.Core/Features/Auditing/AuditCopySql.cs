namespace SmsAi.Core.Features.Auditing;

/// <summary>The statements of the copy outside. No transaction stays open while anything is delivered.</summary>
internal static class AuditCopySql
{
    /// <summary>$1 sink $2 place $3 host: it is configured here.</summary>
    public const string Know = """
        insert into audit_copies (sink, place, host) values ($1, $2, $3)
        on conflict (sink, place) do update set seen_at = clock_timestamp(), host = excluded.host
        """;

    /// <summary>Places that nobody knows any more: a file of a machine that is gone. One that comes back is written from the first row.</summary>
    public const string Forget = "delete from audit_copies where seen_at < clock_timestamp() - interval '90 days'";

    /// <summary>$1 sink $2 place $3 token $4 lease. Nothing when another replica has it, or it is not to be tried yet; else where the copy stands.</summary>
    public const string Lease = """
        update audit_copies c set lease_token = $3, lease_until = clock_timestamp() + $4
        where c.sink = $1 and c.place = $2 and (c.lease_until is null or c.lease_until < clock_timestamp()) and c.next_try <= clock_timestamp()
        returning c.copied_id, c.copied_id = 0 or exists (select from audit a where a.id = c.copied_id and a.hash = c.copied_hash), c.tries
        """;

    /// <summary>$1 copied so far $2 how many</summary>
    public const string Next = """
        select a.id, a.at, a.actor, a.actor_id, a.role, a.action, a.resource, a.metadata::text, host(a.ip), a.session, a.previous_hash, a.hash
        from audit a where a.id > $1 order by a.id limit $2
        """;

    /// <summary>$1 sink $2 place $3 token $4 row $5 its hash. A lease that was lost moves nothing: the rows come again.</summary>
    public const string Kept = """
        update audit_copies set copied_id = $4, copied_hash = $5, copied_at = clock_timestamp(), lease_until = null, lease_token = null, tries = 0,
          failing_since = null, fault = null, next_try = clock_timestamp()
        where sink = $1 and place = $2 and lease_token = $3
        """;

    /// <summary>$1 sink $2 place $3 token: there was nothing to copy.</summary>
    public const string Release = """
        update audit_copies set lease_until = null, lease_token = null, tries = 0, failing_since = null, fault = null where sink = $1 and place = $2 and lease_token = $3
        """;

    /// <summary>$1 sink $2 place $3 token $4 fault $5 wait; since when it fails</summary>
    public const string Failed = """
        update audit_copies set lease_until = null, lease_token = null, tries = tries + 1, next_try = clock_timestamp() + $5, fault = $4,
          failing_since = coalesce(failing_since, clock_timestamp())
        where sink = $1 and place = $2 and lease_token = $3
        """;

    /// <summary>Places that a replica knows just now.</summary>
    public const string State = """
        select c.sink, case when count(*) over (partition by c.sink) > 1 then c.host else '' end, c.copied_id, c.copied_at, c.failing_since, c.fault, c.next_try, (select h.id from audit_head h) - c.copied_id
        from audit_copies c where c.seen_at > clock_timestamp() - interval '1 minute' order by c.sink, c.host, c.place
        """;
}
