namespace SmsAi.Core.Features.Tasks;

/// <summary>What the reader of tasks writes.</summary>
internal static class TasksSql
{
    /// <summary>
    /// $1 text[] $2 stored at[] $3 answer[] $4 its time[] $5 category[] $6 tokens[] $7 what was sent or refused[] $8 processing ms[] $9 reason[] $10 completed at[];
    /// returns the texts that are new, with all that is known of them: most are answered by then, and the row needs no second writing.
    /// The hash holds the carrier's id of the text, so the same question asked twice is two tasks; it begins with our own, so that its index grows at
    /// one end and not on a page of its own for each task. People are locked in the order of their hashes, as everywhere.
    /// </summary>
    public const string Begin = """
        insert into tasks (user_id, conversation_id, inbound_id, inbound_at, created_at, task_hash, outbound_id, outbound_at, category, tokens_used,
          processing_ms, error_message, completed_at, success)
        select m.user_id, m.conversation_id, m.id, m.created_at, m.created_at,
          int8send(m.id) || substr(sha256(coalesce(m.content_hash, ''::bytea) || convert_to(coalesce(m.sid, 'm' || m.id), 'UTF8')), 9),
          x.outbound_id, x.outbound_at, coalesce(x.category, 'General'), x.tokens,
          case when ends.it then x.processing_ms end, case when ends.it then x.why end, case when ends.it then x.completed_at end,
          case when ends.it and x.completed_at is not null then x.why is null end
        from unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::timestamptz[], $5::text[], $6::int[], $7::bigint[], $8::int[], $9::text[], $10::timestamptz[])
          x(id, at, outbound_id, outbound_at, category, tokens, sent_id, processing_ms, why, completed_at)
        join messages m on m.id = x.id and m.created_at = x.at and m.direction = 'in'
        join users u on u.id = m.user_id
        cross join lateral (select x.sent_id is null or x.sent_id is not distinct from x.outbound_id as it) ends
        order by u.phone_hash, m.id
        on conflict do nothing
        returning inbound_id
        """;

    /// <summary>
    /// $1 text[] $2 begun again[] $3 answer[] $4 its time[] $5 category[] $6 tokens[] $7 what was sent or refused[] $8 processing ms[] $9 reason[] $10 completed at[]
    /// What was sent or refused ends the task only if it is its answer: a notice that we are paused is not.
    /// </summary>
    public const string Change = """
        update tasks t set
          outbound_id = x.outbound_id, outbound_at = x.outbound_at, category = coalesce(x.category, t.category), tokens_used = t.tokens_used + x.tokens,
          processing_ms = coalesce(x.processing_ms, x.was_processing_ms), error_message = coalesce(x.why, x.was_why),
          completed_at = coalesce(x.completed_at, x.was_completed_at),
          success = case when coalesce(x.completed_at, x.was_completed_at) is not null then coalesce(x.why, x.was_why) is null end
        from (
          select x.inbound_id, x.category, x.tokens,
            coalesce(x.outbound_id, t.outbound_id) as outbound_id, coalesce(x.outbound_at, t.outbound_at) as outbound_at,
            case when ends.it then x.processing_ms end as processing_ms, case when ends.it then x.why end as why,
            case when ends.it then x.completed_at end as completed_at,
            case when not x.again then t.processing_ms end as was_processing_ms, case when not x.again then t.error_message end as was_why,
            case when not x.again then t.completed_at end as was_completed_at
          from unnest($1::bigint[], $2::boolean[], $3::bigint[], $4::timestamptz[], $5::text[], $6::int[], $7::bigint[], $8::int[], $9::text[], $10::timestamptz[])
            x(inbound_id, again, outbound_id, outbound_at, category, tokens, sent_id, processing_ms, why, completed_at)
          join tasks t on t.inbound_id = x.inbound_id
          cross join lateral (select x.sent_id is null or x.sent_id is not distinct from coalesce(x.outbound_id, t.outbound_id) as it) ends) x
        where t.inbound_id = x.inbound_id
        """;
}
