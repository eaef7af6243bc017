namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>The statements of the cursors. An event is settled when its transaction is older than every one still running: nothing can commit before it any more.</summary>
internal static class LedgerSql
{
    /// <summary>
    /// Whether settled events wait behind the cursor, and whether unsettled ones do. Takes no lock and no transaction id. $1 reader
    /// The first in order, not "exists": for that the planner may read the whole ledger from its beginning.
    /// </summary>
    public const string Peek = """
        select
          coalesce((select true from events e where (e.tx, e.id) > (c.tx, c.id) and e.tx < pg_snapshot_xmin(pg_current_snapshot()) order by e.tx, e.id limit 1), false),
          coalesce((select true from events e where (e.tx, e.id) > (c.tx, c.id) and e.tx >= pg_snapshot_xmin(pg_current_snapshot()) order by e.tx, e.id limit 1), false)
        from ledger_cursors c where c.reader = $1
        """;

    /// <summary>A cursor starts before the first event. $1 reader</summary>
    public const string MakeCursor = "insert into ledger_cursors (reader) values ($1) on conflict do nothing";

    /// <summary>
    /// Losing the newest commits in a crash of the server takes cursor and figures back together, so nobody waits for the disk here.
    /// A reader that waited long for a lock would hold back every other reader's horizon.
    /// </summary>
    public const string BeginWork = "select set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '2s', true), set_config('statement_timeout', '10s', true)";

    /// <summary>No row: another replica is at work with this reader. $1 reader</summary>
    public const string TakeCursor = "select tx, id from ledger_cursors where reader = $1 for update skip locked";

    /// <summary>$1 tx $2 id $3 limit</summary>
    public const string Read = """
        select id, stream_id, version, type, correlation_id, data::text, created_at, tx from events
        where (tx, id) > ($1, $2) and tx < pg_snapshot_xmin(pg_current_snapshot()) order by tx, id limit $3
        """;

    /// <summary>$1 reader $2 tx $3 id</summary>
    public const string MoveCursor = "update ledger_cursors set tx = $2, id = $3, moved_at = now() where reader = $1";

    /// <summary>$1 reader $2 what failed $3 the event as metadata</summary>
    public const string Skip = """
        insert into error_logs (error_type, error_message, category, severity, component, operation, metadata)
        values ('LedgerEventSkipped', $2, 'SYSTEM', 'HIGH', 'ledger', $1, $3::jsonb)
        """;

    /// <summary>
    /// The service's stream is numbered by the sequence of the switches' versions, so that nothing appended here can ever stand in the way of a stop.
    /// $1 stream $2 type $3 correlation $4 data. No row: the version was taken.
    /// </summary>
    public const string Append = """
        insert into events (stream_id, version, type, correlation_id, data) values ($1, nextval('controls_ver_seq'), $2, $3, $4::jsonb)
        on conflict (stream_id, version) do nothing returning version
        """;

    /// <summary>$1 stream $2 from version $3 limit</summary>
    public const string Replay = """
        select id, stream_id, version, type, correlation_id, data::text, created_at from events
        where stream_id = $1 and version >= $2 order by version limit $3
        """;
}
