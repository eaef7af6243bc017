namespace SmsAi.Core.Pipeline.Intake;

/// <summary>The sweep's statements.</summary>
internal static class SweepSql
{
    /// <summary>One sweep at a time among all replicas; the lock ends with its session.</summary>
    public const string TryLock = "select pg_try_advisory_lock(7021846150235910146)";

    public const string Unlock = "select pg_advisory_unlock(7021846150235910146)";

    /// <summary>$1 number. A number seen for the first time begins now: what came before us was somebody else's to answer.</summary>
    public const string Mark = """
        with made as (insert into sweep_marks (our_number, swept_until) values ($1, now()) on conflict do nothing)
        select coalesce((select swept_until from sweep_marks where our_number = $1), now()), now()
        """;

    /// <summary>$1 sid[]</summary>
    public const string Known = "select twilio_sid from message_sids where twilio_sid = any($1)";

    /// <summary>$1 number $2 until</summary>
    public const string Move = """
        update sweep_marks set swept_until = greatest(swept_until, $2), at = now() where our_number = $1
        """;
}
