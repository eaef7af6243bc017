namespace SmsAi.Core.Features.Errors;

/// <summary>The statements over error_logs; lists go by error_logs_newest, their cursor is the time and number of the last row seen.</summary>
internal static class ErrorSql
{
    private const string Columns = """
        select e.id, e.at, e.error_type, e.error_message, e.category, e.severity, e.component, e.operation, e.resolved, e.resolved_at, e.resolved_by, e.note,
          u.id, u.alias, u.phone_tail, e.metadata::text
        """;

    private const string Tables = """

        from error_logs e left join users u on u.id = e.user_id

        """;

    /// <summary>$1 from $2 until $3 open $4 category $5 severity $6 component $7 kind</summary>
    private const string Where = """
        where e.at >= $1 and ($2::timestamptz is null or e.at < $2) and ($3::boolean is null or e.resolved <> $3) and ($4::text is null or e.category = $4)
          and ($5::text is null or e.severity = $5) and ($6::text is null or e.component = $6) and ($7::text is null or e.error_type = $7)

        """;

    /// <summary>And $8 $9 the time and number of the row before the first of the page; null: from the newest. $10 how many</summary>
    public const string Older = Columns + Tables + Where + """
          and ($8::timestamptz is null or (e.at, e.id) < ($8, $9))
        order by e.at desc, e.id desc limit $10
        """;

    /// <summary>And $8 $9 the time and number of the row after the last of the page $10 how many. Oldest first.</summary>
    public const string Newer = Columns + Tables + Where + """
          and (e.at, e.id) > ($8, $9)
        order by e.at, e.id limit $10
        """;

    /// <summary>$1 error</summary>
    public const string One = Columns + """
        , e.stack_trace,
          (select count(*) from error_logs o where o.error_type = e.error_type and o.component = e.component and not o.resolved),
          (select max(o.id) from error_logs o where o.error_type = e.error_type and o.component = e.component and not o.resolved)
        """ + Tables + "where e.id = $1";

    public const string Components = "select distinct component from error_logs where component <> '' order by component limit 200";

    /// <summary>$1 count to at most</summary>
    public const string CountOpen = "select count(*)::int from (select from error_logs where not resolved limit $1) few";

    /// <summary>$1 error $2 by $3 note. No row: resolved before.</summary>
    public const string Resolve = """
        update error_logs set resolved = true, resolved_at = clock_timestamp(), resolved_by = $2, note = $3 where id = $1 and not resolved
        returning error_type, component
        """;

    /// <summary>$1 error $2 by $3 note. No row: open already.</summary>
    public const string Reopen = """
        update error_logs set resolved = false, resolved_at = null, resolved_by = null, note = $3 where id = $1 and resolved returning error_type, component
        """;

    /// <summary>$1 kind $2 component $3 by $4 note $5 up to this one: what came while somebody decided stays open.</summary>
    public const string ResolveKind = """
        update error_logs set resolved = true, resolved_at = clock_timestamp(), resolved_by = $3, note = $4
        where error_type = $1 and component = $2 and not resolved and id <= $5
        """;

    public const string WhoResolved = "select resolved_by from error_logs where id = $1";

    /// <summary>$1 before $2 at most</summary>
    public const string DropErrors = "delete from error_logs where id in (select id from error_logs where at < $1 order by at limit $2)";

    /// <summary>$1 before $2 at most</summary>
    public const string DropWebhooks = "delete from webhook_log where id in (select id from webhook_log where at < $1 order by at limit $2)";
}
