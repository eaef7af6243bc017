namespace SmsAi.Core.Features.Metrics;

/// <summary>The Overview's statements: a few hundred rows of figures by primary key, the living queue, small partial indexes, and the newest fifty messages.</summary>
internal static class OverviewSql
{
    /// <summary>$1 the day's first moment $2 a week before it $3 a week before now</summary>
    public const string Today = """
        select coalesce(sum(m.texts_in), 0), coalesce(sum(m.texts_out), 0), coalesce(sum(m.delivered), 0), coalesce(sum(m.errors), 0),
          (select coalesce(sum(w.texts_in), 0) from metric_minutes w where w.minute >= $2 and w.minute < $3),
          coalesce((select h.value::bigint from metrics_hourly h where h.hour_bucket = $1 and h.metric_name = 'active_users' and h.tags = '{}'), 0)
        from metric_minutes m where m.minute >= $1 and m.minute < $1 + interval '1 day'
        """;

    /// <summary>$1 day</summary>
    public const string Spent = "select model_micros, carrier_micros, cap_micros from spend_days where day = $1";

    /// <summary>$1 the day's first moment</summary>
    public const string Peak = "select minute, texts_in + texts_out as texts from metric_minutes where minute >= $1 order by texts desc, minute limit 1";

    /// <summary>$1 the first of the minutes</summary>
    public const string Minutes = "select minute, texts_in, texts_out, answer_times from metric_minutes where minute >= $1 order by minute";

    /// <summary>The flips since a moment and the last of each switch before it. $1 the moment</summary>
    public const string Flips = """
        select name, stopped, at, by_name, reason from control_flips where at > $1
        union all
        select name, stopped, at, by_name, reason from
          (select distinct on (name) name, stopped, at, by_name, reason from control_flips where at <= $1 order by name, ver desc) before
        order by at
        """;

    public const string TimedStops = "select name, until from controls where stopped and until is not null";

    /// <summary>A dead letter for an uncertain send is named once, by the state of its message. $1 count to at most</summary>
    public const string NeedsYou = """
        select 'dead_letters', count(*)::int, min(at), string_agg(distinct reason, ' '), (array_agg(message_id order by at desc))[1]
        from (select at, reason, message_id from dead_letters where resolved_at is null and reason <> 'uncertain' order by at desc limit $1) d
        having count(*) > 0
        union all
        select o.state::text, count(*)::int, min(o.sending_at), '', max(o.id)
        from (
          select outbound_id, outbound_at from queue where outbound_id is not null
          union all
          select outbound_id, outbound_at from dead_letters where resolved_at is null and reason = 'uncertain') w
        join messages o on o.id = w.outbound_id and o.created_at = w.outbound_at
        where o.state in ('uncertain', 'needs_person') group by o.state
        union all
        select 'critical', count(*)::int, min(at), string_agg(distinct error_type, ' '), null
        from (select at, severity, error_type from error_logs where not resolved order by at desc limit 500) e where severity = 'CRITICAL'
        having count(*) > 0
        union all
        select 'cannot_stop', count(*)::int, min(coalesce(v.at, r.started_at)), string_agg(r.name, ' ' order by r.name), null
        from replicas r
        left join lateral (select c.at from stop_checks c where c.replica_id = r.id and c.fault is null order by c.at desc limit 1) v on true
        where r.stopped_at is null and r.seen_at > clock_timestamp() - interval '1 minute'
          and (coalesce(v.at, r.started_at) < clock_timestamp() - interval '5 minutes'
            or exists (select from stop_checks c where c.replica_id = r.id and c.fault = 'leaked' and c.at > coalesce(v.at, '-infinity')))
        having count(*) > 0
        union all
        select 'chain', 1, v.at, v.fault, null from (select at, fault from audit_verdicts order by id desc limit 1) v where v.fault is not null
        union all
        select 'audit_copy', count(*)::int, min(failing_since), string_agg(distinct sink, ' '), null from audit_copies
        where seen_at > clock_timestamp() - interval '1 minute' and failing_since < clock_timestamp() - interval '5 minutes' having count(*) > 0
        """;

    /// <summary>A queue item bears the id of the text that asked for it, else of the message it sends. $1 how many</summary>
    public const string Tail = """
        with newest as (
          select id, created_at, direction, user_id, conversation_id, kind, state, nullif(reply_to, 0) as reply_to, answer_ms, model_micros + carrier_micros as micros,
            length(body_cipher) as cipher
          from messages order by created_at desc, id desc limit $1)
        select n.id, n.created_at, n.direction = 'in', n.user_id, n.conversation_id, coalesce(u.alias, ''), coalesce(u.phone_tail, ''), n.kind::text, n.state::text,
          n.answer_ms, n.micros, n.cipher, case when t.outbound_id is not null then t.category end, q.state::text, coalesce(q.outbound_id, t.outbound_id) is not null
        from newest n
        left join users u on u.id = n.user_id
        left join tasks t on t.inbound_id = coalesce(n.reply_to, n.id)
        left join queue q on q.id = coalesce(n.reply_to, n.id)
        order by n.created_at desc, n.id desc
        """;
}
