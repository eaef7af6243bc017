namespace SmsAi.Core.Features.People;

/// <summary>What the reader of people's counters writes.</summary>
internal static class PeopleSql
{
    /// <summary>The people of these conversations. $1 conversation[]</summary>
    public const string PeopleOf = "select id, user_id from conversations where id = any($1)";

    /// <summary>
    /// $1 user[] $2 texts[] $3 last at[] $4 its day[] $5 texts of that day[] $6 its month[] $7 texts of that month[] $8 month of costs[] (null: no costs)
    /// $9 micros, $10 answers, $11 tokens, $12 segments of that month[]. A counter of a day or month that has passed begins anew; texts and costs of an older one no longer change it.
    /// </summary>
    public const string Count = """
        update user_activity a set texts_total = a.texts_total + x.texts,
          texts_today = case when x.texts = 0 or a.counted_day > x.day then a.texts_today when a.counted_day = x.day then a.texts_today + x.of_day else x.of_day end,
          texts_month = case when x.texts = 0 or a.counted_month > x.month then a.texts_month when a.counted_month = x.month then a.texts_month + x.of_month
            else x.of_month end,
          counted_day = greatest(a.counted_day, x.day), counted_month = greatest(a.counted_month, x.month),
          rate_limit_reset = (greatest(a.counted_day, x.day) + 1)::timestamp at time zone 'UTC',
          last_active = greatest(a.last_active, x.at),
          spend_micros = case when x.spend_month is null or a.spend_month > x.spend_month then a.spend_micros
            when a.spend_month = x.spend_month then a.spend_micros + x.micros else x.micros end,
          answers_month = case when x.spend_month is null or a.spend_month > x.spend_month then a.answers_month
            when a.spend_month = x.spend_month then a.answers_month + x.answers else x.answers end,
          tokens_month = case when x.spend_month is null or a.spend_month > x.spend_month then a.tokens_month
            when a.spend_month = x.spend_month then a.tokens_month + x.tokens else x.tokens end,
          segments_month = case when x.spend_month is null or a.spend_month > x.spend_month then a.segments_month
            when a.spend_month = x.spend_month then a.segments_month + x.segments else x.segments end,
          spend_month = greatest(a.spend_month, x.spend_month)
        from unnest($1::bigint[], $2::int[], $3::timestamptz[], $4::date[], $5::int[], $6::date[], $7::int[], $8::date[], $9::bigint[],
            $10::int[], $11::bigint[], $12::int[])
          x(id, texts, at, day, of_day, month, of_month, spend_month, micros, answers, tokens, segments)
        where a.user_id = x.id
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
