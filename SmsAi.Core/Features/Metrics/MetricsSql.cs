namespace SmsAi.Core.Features.Metrics;

/// <summary>What the reader of the figures writes. Adding up is right here: cursor and figures commit together, so no event is added twice.</summary>
internal static class MetricsSql
{
    /// <summary>$1 minute[] $2 texts in[] $3 texts out[] $4 delivered[] $5 errors[] $6 model micros[] $7 carrier micros[] $8 answer times[] (array literals)</summary>
    public const string AddMinutes = """
        insert into metric_minutes as m (minute, texts_in, texts_out, delivered, errors, model_micros, carrier_micros, answer_times)
        select minute, texts_in, texts_out, delivered, errors, model_micros, carrier_micros, answer_times::integer[]
        from unnest($1::timestamptz[], $2::int[], $3::int[], $4::int[], $5::int[], $6::bigint[], $7::bigint[], $8::text[])
          x(minute, texts_in, texts_out, delivered, errors, model_micros, carrier_micros, answer_times)
        on conflict (minute) do update set
          texts_in = m.texts_in + excluded.texts_in, texts_out = m.texts_out + excluded.texts_out,
          delivered = m.delivered + excluded.delivered, errors = m.errors + excluded.errors,
          model_micros = m.model_micros + excluded.model_micros, carrier_micros = m.carrier_micros + excluded.carrier_micros,
          answer_times = (
            select array_agg(coalesce(old, 0) + coalesce(new, 0) order by bucket)
            from unnest(m.answer_times, excluded.answer_times) with ordinality t(old, new, bucket))
        """;

    /// <summary>$1 hour[] $2 metric[] $3 tags[] $4 value[]</summary>
    public const string AddHours = """
        insert into metrics_hourly as m (hour_bucket, metric_name, tags, value)
        select hour, metric, tags::jsonb, value from unnest($1::timestamptz[], $2::text[], $3::text[], $4::bigint[]) x(hour, metric, tags, value)
        on conflict (hour_bucket, metric_name, tags) do update set value = m.value + excluded.value
        """;

    /// <summary>$1 day[] $2 model micros[] $3 carrier micros[] $4 cap</summary>
    public const string AddDays = """
        insert into spend_days as s (day, model_micros, carrier_micros, cap_micros)
        select day, model, carrier, $4 from unnest($1::date[], $2::bigint[], $3::bigint[]) x(day, model, carrier)
        on conflict (day) do update set model_micros = s.model_micros + excluded.model_micros,
          carrier_micros = s.carrier_micros + excluded.carrier_micros, cap_micros = excluded.cap_micros
        """;

    /// <summary>
    /// What the ledger says about the same messages before these events: $1 stream[] $2 version[] $3 message[].
    /// Only the part of the stream since the message is read.
    /// </summary>
    public const string Earlier = """
        select x.n, e.type, e.data ->> 'status', e.created_at
        from unnest($1::bigint[], $2::bigint[], $3::bigint[]) with ordinality x(stream_id, version, message_id, n)
        -- One by one: as a join, the planner would rather read the whole ledger.
        cross join lateral (
          select e.type, e.data, e.created_at from events e
          where e.stream_id = x.stream_id and e.version < x.version
            and e.version >= coalesce((select min(m.position) from messages m where m.id = x.message_id), 0)
            and e.type in ('sent', 'status') and (e.data ->> 'm')::bigint = x.message_id
          order by e.version limit 1000) e
        order by x.n
        """;
}
