namespace SmsAi.Core.Features.Jobs;

/// <summary>The statements over job_runs and job_switches.</summary>
internal static class JobSql
{
    /// <summary>A run without an end belongs to a replica that is there, or is lost.</summary>
    private const string IsThere =
        "exists (select from replicas p where p.name = r.replica and p.stopped_at is null and p.seen_at > clock_timestamp() - interval '30 seconds')";

    /// <summary>$1 jobs[] $2 runs of each</summary>
    public const string Runs = """
        select n.name, r.id, r.requested_at, r.started_at, r.finished_at, r.succeeded, r.replica, r.fault, r.by_name, r.reason,
        """ + IsThere + """

        from unnest($1::text[]) as n(name) cross join lateral (select * from job_runs j where j.job = n.name order by j.id desc limit $2) r
        order by n.name, r.id desc
        """;

    public const string Switches = "select job, by_name, at, reason from job_switches where disabled";

    /// <summary>$1 job</summary>
    public const string IsDisabled = "select exists (select from job_switches where job = $1 and disabled)";

    /// <summary>$1 job $2 replica</summary>
    public const string Begin = "insert into job_runs (job, replica, started_at) values ($1, $2, clock_timestamp()) returning id";

    /// <summary>$1 run $2 replica</summary>
    public const string BeginRequested = "update job_runs set replica = $2, started_at = clock_timestamp() where id = $1 and started_at is null returning id";

    /// <summary>$1 run $2 succeeded $3 fault</summary>
    public const string End = "update job_runs set finished_at = clock_timestamp(), succeeded = $2, fault = $3 where id = $1";

    /// <summary>$1 job $2 by $3 reason. No row: it runs already, or was asked for within the last half minute.</summary>
    public const string Request = """
        insert into job_runs (job, by_name, reason)
        select $1, $2, $3 where not exists (
          select from job_runs r where r.job = $1 and r.finished_at is null and (r.started_at is null and r.requested_at > clock_timestamp() - interval '30 seconds' or
        """ + " " + IsThere + """
        ))
        returning id
        """;

    /// <summary>One at a time asks for a run of a job. $1 job</summary>
    public const string Lock = "select pg_advisory_xact_lock(hashtextextended('job:' || $1, 0))";

    /// <summary>$1 job $2 disabled $3 by $4 reason. No row: it is so already.</summary>
    public const string Switch = """
        insert into job_switches (job, disabled, by_name, reason) select $1, $2, $3, $4 where $2 or exists (select from job_switches where job = $1)
        on conflict (job) do update set disabled = $2, by_name = $3, reason = $4, at = clock_timestamp() where job_switches.disabled <> $2
        returning at
        """;

    /// <summary>What succeeded is kept for a week, the rest for 90 days. $1 now</summary>
    public const string Drop = """
        delete from job_runs where requested_at < $1 - interval '90 days' or (requested_at < $1 - interval '7 days' and succeeded and by_name is null)
        """;
}
