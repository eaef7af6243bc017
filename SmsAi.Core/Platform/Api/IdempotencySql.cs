namespace SmsAi.Core.Platform.Api;

/// <summary>The statements about idempotency keys.</summary>
internal static class IdempotencySql
{
    /// <summary>
    /// Takes the key for this request: a new one, one that is over, and one whose first call died, where that may begin anew.
    /// $1 caller $2 key $3 route $4 hash of the request $5 how long keys are kept $6 how long a call may take $7 may begin anew
    /// </summary>
    public const string Claim = """
        insert into idempotency_keys as k (caller, key, route, body_hash, created_at) values ($1, $2, $3, $4, clock_timestamp())
        on conflict (caller, key) do update
          set route = excluded.route, body_hash = excluded.body_hash, created_at = excluded.created_at, status = null, response = null, etag = null
          where k.created_at <= excluded.created_at - $5
             or ($7 and k.status is null and k.body_hash = excluded.body_hash and k.created_at <= excluded.created_at - $6)
        returning created_at
        """;

    /// <summary>$1 caller $2 key $3 how long a call may take</summary>
    public const string Find = """
        select body_hash, status, response, etag, created_at <= clock_timestamp() - $3 from idempotency_keys where caller = $1 and key = $2
        """;

    /// <summary>$1 caller $2 key $3 when it was claimed $4 status $5 response $6 etag</summary>
    public const string Keep = "update idempotency_keys set status = $4, response = $5, etag = $6 where caller = $1 and key = $2 and created_at = $3";

    /// <summary>$1 caller $2 key $3 when it was claimed</summary>
    public const string Release = "delete from idempotency_keys where caller = $1 and key = $2 and created_at = $3 and status is null";

    /// <summary>$1 how long keys are kept $2 at once</summary>
    public const string Drop = """
        delete from idempotency_keys where (caller, key) in
          (select caller, key from idempotency_keys where created_at <= clock_timestamp() - $1 order by created_at limit $2)
        """;
}
