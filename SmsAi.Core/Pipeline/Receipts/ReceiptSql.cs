namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>The statements of one batch of receipts: lock, look with a fresh snapshot, write. Lock order: users, then conversations, then SIDs.</summary>
internal static class ReceiptSql
{
    // $1 sid[], $2 our id[] (null: the URL had none). Our id alone finds its partition by asking each; it is only asked when the SID is new.
    private const string Found = """
        with found as (
          select i.n, i.sid, s.twilio_sid is not null as by_sid, coalesce(s.message_id, o.id) as id, coalesce(s.created_at, o.created_at) as at
          from unnest($1::text[], $2::bigint[]) with ordinality as i(sid, id, n)
          left join message_sids s on s.twilio_sid = i.sid
          left join lateral (select id, created_at from messages where id = i.id and direction = 'out' limit 1) o on s.twilio_sid is null)

        """;

    public const string LockPeople = Found + """
        select u.id from users u where u.id in (select m.user_id from found f join messages m on m.id = f.id and m.created_at = f.at)
        order by u.phone_hash for update
        """;

    public const string LockConversations = Found + """
        select c.id from conversations c
        where c.id in (select m.conversation_id from found f join messages m on m.id = f.id and m.created_at = f.at)
        order by c.user_id, c.our_number, c.channel for update
        """;

    public const string Look = Found + """
        select f.n, f.by_sid, m.id, m.created_at, m.conversation_id, m.user_id, m.state::text, m.rank, m.sid, m.attempt, m.reply_to, c.version
        from found f join messages m on m.id = f.id and m.created_at = f.at and m.direction = 'out'
        join conversations c on c.id = m.conversation_id
        """;

    /// <summary>$1 id[] $2 created_at[] $3 state[] $4 rank[] $5 sid[] $6 carrier's word[] $7 error code[] $8 its words[] $9 final[]</summary>
    public const string Change = """
        update messages m set state = x.state::message_state, rank = x.rank, sid = x.sid, carrier_status = x.word, error_code = x.code,
          error_text = x.words, sent_at = coalesce(m.sent_at, clock_timestamp()),
          final_at = case when x.final then clock_timestamp() else m.final_at end
        from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::integer[], $8::text[], $9::boolean[])
          as x(id, at, state, rank, sid, word, code, words, final)
        where m.id = x.id and m.created_at = x.at
        """;

    /// <summary>$1 sid[] $2 id[] $3 created_at[]</summary>
    public const string Bind = """
        insert into message_sids (twilio_sid, message_id, created_at, direction)
        select sid, id, at, 'out' from unnest($1::text[], $2::bigint[], $3::timestamptz[]) as x(sid, id, at) order by sid
        on conflict do nothing
        """;

    /// <summary>What a person was to decide, the carrier has decided. $1 id[]</summary>
    public const string Resolve = """
        update dead_letters set resolved_at = now(), resolved_by = 'carrier', resolution = 'answered' where outbound_id = any($1) and resolved_at is null
        """;

    /// <summary>$1 conversation[] $2 version[]</summary>
    public const string MoveVersions = """
        update conversations c set version = x.version from unnest($1::bigint[], $2::bigint[]) as x(id, version) where c.id = x.id
        """;

    /// <summary>$1 conversation[] $2 version[] $3 type[] $4 correlation[] $5 data[]</summary>
    public const string Tell = """
        insert into events (stream_id, version, type, correlation_id, data)
        select stream, version, type, correlation, data
        from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::jsonb[]) with ordinality as x(stream, version, type, correlation, data, n)
        order by n
        """;

    /// <summary>$1 user[]</summary>
    public const string OptOut = """
        insert into consents (phone_hash, state, source) select phone_hash, 'out', 'carrier' from users where id = any($1) order by phone_hash
        on conflict (phone_hash) do update set state = 'out', source = 'carrier', at = now() where consents.state <> 'out'
        """;

    /// <summary>$1 user[]</summary>
    public const string Mute = """
        update users set muted_until = greatest(coalesce(muted_until, '-infinity'), now() + interval '1 hour') where id = any($1)
        """;

    /// <summary>One row per kind, code and hour. $1 type[] $2 words[] $3 severity[] $4 code[] $5 message[] $6 user[]</summary>
    public const string Alert = """
        insert into error_logs (user_id, error_type, error_message, category, severity, component, operation, metadata)
        select x.user_id, x.type, x.words, 'BUSINESS_LOGIC', x.severity, 'Receipts', 'receipt', jsonb_build_object('code', x.code, 'message', x.message)
        from unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::bigint[], $6::bigint[]) as x(type, words, severity, code, message, user_id)
        where not exists (
          select 1 from error_logs e where e.error_type = x.type and e.at > now() - interval '1 hour'
            and coalesce((e.metadata->>'code')::integer, 0) = x.code and not e.resolved)
        """;

    /// <summary>How many of a person's last three final receipts say that her phone can't be reached. $1 user[] $2 unreachable codes</summary>
    public const string Unreachable = """
        select u.id from unnest($1::bigint[]) as u(id)
        where (select count(*) from (
          select m.error_code from messages m join conversations c on c.id = m.conversation_id
          where c.user_id = u.id and m.direction = 'out' and m.final_at is not null and m.created_at > now() - interval '30 days'
          order by m.created_at desc, m.id desc limit 3) last where last.error_code = any($2)) = 3
        """;

    /// <summary>$1 verdict[] $2 sid[] $3 message[] $4 times[] $5 replica</summary>
    public const string Note = """
        insert into webhook_log (path, verdict, status, sid, message_id, times, replica_id)
        select '/sms/status', verdict, 200, sid, message, times, $5
        from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[]) as x(verdict, sid, message, times)
        """;
}
