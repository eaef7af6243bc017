using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>The System page's statements: a row or two a replica, the server's own views, and the webhook log along its newest.</summary>
internal static class SystemSql
{
    /// <summary>$1 replica $2 version $3 CPU $4 memory $5 threads $6 connections $7 turns $8 of at most $9 disk free $10 disk</summary>
    public const string WriteFigures = """
        insert into replica_figures (replica_id, version, cpu_percent, memory_bytes, threads, connections, turns, turns_at_most, disk_free_bytes, disk_bytes)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (replica_id) do update set at = clock_timestamp(), version = $2, cpu_percent = $3, memory_bytes = $4, threads = $5, connections = $6,
          turns = $7, turns_at_most = $8, disk_free_bytes = $9, disk_bytes = $10
        """;

    /// <summary>$1 replica $2 name[] $3 state[] $4 since[] $5 latency[] $6 last error[] $7 its time[]</summary>
    public const string WriteServices = """
        insert into replica_services (replica_id, name, state, since, latency_ms, last_error, last_error_at)
        select $1, x.* from unnest($2, $3, $4, $5, $6, $7) as x
        on conflict (replica_id, name) do update set state = excluded.state, since = excluded.since, latency_ms = excluded.latency_ms,
          last_error = excluded.last_error, last_error_at = excluded.last_error_at
        """;

    /// <summary>Those that are there, then those that stopped or went without a word, the last heard first, until they are forgotten.</summary>
    public const string Replicas = """
        select r.id, r.name, r.started_at, r.seen_at, f.at, f.version, f.cpu_percent, f.memory_bytes, f.threads, f.connections, f.turns, f.turns_at_most,
          f.disk_free_bytes, f.disk_bytes, r.stopped_at is null and r.seen_at > clock_timestamp() - interval '10 seconds' as is_there,
          r.stopped_at
        from replicas r left join replica_figures f on f.replica_id = r.id
        order by (r.stopped_at is null and r.seen_at > clock_timestamp() - interval '10 seconds') desc,
          case when r.stopped_at is null and r.seen_at > clock_timestamp() - interval '10 seconds' then r.name end, r.seen_at desc, r.id limit 200
        """;

    public const string Services = """
        select r.name, s.name, s.state, s.since, s.latency_ms, s.last_error, s.last_error_at
        from replica_services s join replicas r on r.id = s.replica_id
        where r.stopped_at is null and r.seen_at > clock_timestamp() - interval '15 seconds' order by s.name, r.name limit 800
        """;

    /// <summary>What other logins do is hidden by the server; how far they hold back the vacuum is not.</summary>
    public const string Database = """
        select pg_database_size(current_database()), current_setting('max_connections')::int, current_setting('server_version'),
          (select count(*)::int from pg_stat_activity),
          (select max(clock_timestamp() - a.xact_start) from pg_stat_activity a where a.datname = current_database() and a.pid <> pg_backend_pid()),
          (select coalesce(max(age(a.backend_xmin)), 0) from pg_stat_activity a where a.pid <> pg_backend_pid()),
          (select count(*)::int from pg_inherits where inhparent = 'messages'::regclass),
          (select max(c.relname) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'messages'::regclass and c.relname <> 'messages_default'),
          (select count(*) from (select from messages_default limit 10001) strays)
        """;

    /// <summary>This service's by their pool, and everybody else's.</summary>
    public const string Connections = """
        select case when application_name like 'smsai-%' then substr(application_name, 7) else 'others' end as pool, count(*)::int
        from pg_stat_activity where backend_type = 'client backend' group by pool order by pool
        """;

    /// <summary>$1 count to at most</summary>
    public const string Queue =
        $"select due, due_age, held, (select count(*)::int from dead_letters where resolved_at is null) from ({QueueDepthSql.Depth}) depth";

    private const string WebhookColumns = """
        select w.id, w.at, w.path, w.verdict, w.status, w.message_id, w.took_ms, w.times, coalesce(r.name, 'replica ' || w.replica_id) from webhook_log w left join replicas r on r.id = w.replica_id

        """;

    /// <summary>$1 from $2 until $3 verdict $4 path</summary>
    private const string WebhookWhere = """
        where w.at >= $1 and ($2::timestamptz is null or w.at < $2) and ($3::text is null or w.verdict = $3) and ($4::text is null or w.path = $4)

        """;

    /// <summary>And $5 $6 the time and number of the row before the first of the page; null: from the newest. $7 how many</summary>
    public const string OlderWebhooks = WebhookColumns + WebhookWhere + """
          and ($5::timestamptz is null or (w.at, w.id) < ($5, $6))
        order by w.at desc, w.id desc limit $7
        """;

    /// <summary>And $5 $6 the time and number of the row after the last of the page $7 how many. Oldest first.</summary>
    public const string NewerWebhooks = WebhookColumns + WebhookWhere + """
          and (w.at, w.id) > ($5, $6)
        order by w.at, w.id limit $7
        """;

    /// <summary>Each verdict and each path once, by steps along webhook_log_verdict.</summary>
    public const string Verdicts = """
        with recursive known as (
          (select verdict as name from webhook_log order by verdict limit 1)
          union all
          select (select w.verdict from webhook_log w where w.verdict > k.name order by w.verdict limit 1) from known k where k.name is not null)
        select name from known where name is not null limit 200
        """;
}
