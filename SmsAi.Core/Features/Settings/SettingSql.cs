namespace SmsAi.Core.Features.Settings;

/// <summary>The statements over system_config and its history. A value of JSON null: the console's value was taken back.</summary>
internal static class SettingSql
{
    public const string All = "select key, value #>> '{}', version, updated_at, updated_by from system_config where key = any($1)";

    /// <summary>$1 key $2 at most. Newest first.</summary>
    public const string History = """
        select version, updated_at, updated_by, reason, value #>> '{}' from system_config_history where key = $1 order by version desc limit $2
        """;

    /// <summary>One at a time changes a setting, also one without a row yet. $1 key</summary>
    public const string Lock = "select pg_advisory_xact_lock(hashtextextended('setting:' || $1, 0))";

    /// <summary>$1 key</summary>
    public const string Current = """
        select c.version, c.updated_at, c.updated_by, h.reason, c.value #>> '{}'
        from system_config c left join system_config_history h on h.key = c.key and h.version = c.version where c.key = $1
        """;

    /// <summary>$1 key $2 value $3 by $4 reason $5 the version seen, 0 for none. No row: it is another version now.</summary>
    public const string Write = """
        with written as (
          insert into system_config (key, value, version, updated_at, updated_by) select $1, coalesce(to_jsonb($2::text), 'null'::jsonb), 1, clock_timestamp(), $3 where $5 = 0
          on conflict (key) do nothing
          returning key, value, version, updated_at, updated_by),
        changed as (
          update system_config set value = coalesce(to_jsonb($2::text), 'null'::jsonb), version = version + 1, updated_at = clock_timestamp(), updated_by = $3
          where key = $1 and version = $5 and $5 > 0
          returning key, value, version, updated_at, updated_by)
        insert into system_config_history (key, version, value, updated_at, updated_by, reason)
        select key, version, value, updated_at, updated_by, $4 from (select * from written union all select * from changed) now
        returning version
        """;
}
