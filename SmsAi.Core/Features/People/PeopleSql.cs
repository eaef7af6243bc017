namespace SmsAi.Core.Features.People;

/// <summary>What the reader of people's counters writes.</summary>
internal static class PeopleSql
{
    /// <summary>The people of these conversations. $1 conversation[]</summary>
    public const string PeopleOf = "select id, user_id from conversations where id = any($1)";

    /// <summary>The intake locks people in the order of their hashes; any other order could stop both for ever. $1 user[]</summary>
    public const string Lock = "select id from users where id = any($1) order by phone_hash for no key update";

    /// <summary>
    /// $1 user[] $2 texts[] $3 last at[] $4 its day[] $5 texts of that day[] $6 its month[] $7 texts of that month[]
    /// A counter of a day or month that has passed begins anew; texts of an older one no longer change it.
    /// </summary>
    public const string Count = """
        update users u set texts_total = u.texts_total + x.texts,
          texts_today = case when u.counted_day = x.day then u.texts_today + x.of_day when u.counted_day > x.day then u.texts_today else x.of_day end,
          texts_month = case when u.counted_month = x.month then u.texts_month + x.of_month when u.counted_month > x.month then u.texts_month else x.of_month end,
          counted_day = greatest(u.counted_day, x.day), counted_month = greatest(u.counted_month, x.month),
          rate_limit_reset = (greatest(u.counted_day, x.day) + 1)::timestamp at time zone 'UTC',
          last_active = greatest(u.last_active, x.at)
        from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::date[], $5::int[], $6::date[], $7::int[]) x(id, texts, at, day, of_day, month, of_month)
        where u.id = x.id
        """;

    /// <summary>$1 user[] $2 its month[] $3 micros of that month[]; a cost of a month that has passed changes nothing any more.</summary>
    public const string Spend = """
        update users u set spend_micros = case when u.spend_month = x.month then u.spend_micros + x.micros else x.micros end, spend_month = x.month
        from unnest($1::bigint[], $2::date[], $3::bigint[]) x(id, month, micros) where u.id = x.id and u.spend_month <= x.month
        """;

    /// <summary>
    /// $1 user[] $2 day[]. The number of people of a day is kept beside, under the day's first hour, so that nobody has to count rows.
    /// </summary>
    public const string NoteActive = """
        with fresh as (
          insert into active_days (day, user_id)
          select x.day, x.id from unnest($1::bigint[], $2::date[]) x(id, day) join users u on u.id = x.id order by x.day, x.id
          on conflict do nothing returning day)
        insert into metrics_hourly as m (hour_bucket, metric_name, value)
        select day::timestamp at time zone 'UTC', 'active_users', count(*) from fresh group by day order by day
        on conflict (hour_bucket, metric_name, tags) do update set value = m.value + excluded.value
        """;
}
