namespace SmsAi.Core.Features.Stopping;

/// <summary>Scheduled pauses' statements. Which window comes next is written with each change; whether it is due is the database clock's word.</summary>
internal static class PauseSql
{
    private const string Columns = """
        select s.id, s.version, s.zone, s.on_day, s.days, s.from_time, s.to_time, s.reason, s.auto_answer, s.is_enabled, s.by_name, s.next_start, s.next_end,
          r.outcome, r.starts_at
        from pause_schedules s
        left join lateral (select outcome, starts_at from pause_runs where schedule_id = s.id order by at desc limit 1) r on true

        """;

    public const string All = Columns + "order by s.is_enabled desc, s.next_start nulls last, s.id";

    /// <summary>$1 zone $2 day $3 days $4 from $5 to $6 reason $7 auto-answer $8 next start $9 next end $10 by</summary>
    public const string Add = """
        insert into pause_schedules (zone, on_day, days, from_time, to_time, reason, auto_answer, next_start, next_end, by_name)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id
        """;

    /// <summary>And $11 on $12 schedule $13 the version that was seen</summary>
    public const string Change = """
        update pause_schedules set zone = $1, on_day = $2, days = $3, from_time = $4, to_time = $5, reason = $6, auto_answer = $7, next_start = $8,
          next_end = $9, by_name = $10, is_enabled = $11, at = clock_timestamp(), version = version + 1
        where id = $12 and version = $13
        """;

    /// <summary>$1 schedule $2 version</summary>
    public const string Remove = "delete from pause_schedules where id = $1 and version = $2";

    /// <summary>The one that should have begun longest ago, and that no other replica has in hand.</summary>
    public const string Due = Columns + """
        where s.is_enabled and s.next_start <= clock_timestamp() order by s.next_start, s.id limit 1 for update of s skip locked
        """;

    /// <summary>Whoever pauses now waits for the one who decides by this.</summary>
    public const string Pause = """
        select stopped and (until is null or until > clock_timestamp()), until, auto_answer, by_name, reason from controls where name = 'pause' for update
        """;

    /// <summary>$1 schedule $2 start $3 end</summary>
    public const string HasRun = "select exists (select from pause_runs where schedule_id = $1 and starts_at = $2 and ends_at = $3)";

    /// <summary>$1 schedule $2 start $3 end $4 outcome $5 version of the flip</summary>
    public const string Ran = "insert into pause_runs (schedule_id, starts_at, ends_at, outcome, ver) values ($1, $2, $3, $4, $5)";

    /// <summary>$1 schedule $2 next start $3 next end. Not a change of somebody's: the version stays.</summary>
    public const string GoOn = "update pause_schedules set next_start = $2, next_end = $3 where id = $1";
}
