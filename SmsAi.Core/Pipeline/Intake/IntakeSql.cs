namespace SmsAi.Core.Pipeline.Intake;

/// <summary>The intake's one statement. What it does is in docs/architecture.md, "Intake"; the order of locks below is a must.</summary>
internal static class IntakeSql
{
    /// <summary>
    /// Lock order: users by phone_hash, then SIDs, then conversations by (user, our number, channel); queue release uses the same.
    /// $1 sid[] $2 phone_hash[] $3 our_number[] $4 channel[] $5 message id[] $6 user id[] (known, or reserved for a new person) $7 key id[]
    /// $8 wrapped key[] (null: person and key are known here) $9 phone cipher[] $10 tail[] $11 alias[] $12 country[] $13 profile key id[]
    /// $14 wrapped profile key[] $15 body[] $16 other fields[] $17 content hash[] $18 segments[] $19 media[] $20 verdict[] $21 via[]
    /// $22 consent asked for[] ("out", "in") $23 event data[] $24 month $25 master key's id $26 replica $27 lease token $28 may lease $29 lease time
    /// $30 when the carrier got it[] (null: just now)
    /// </summary>
    /// <param name="newcomers">Whether there are people whom this replica doesn't know.</param>
    /// <param name="wishes">Whether a text asks for consent, or takes it back.</param>
    /// <remarks>A statement costs what it could do, also when there is nothing of it to do; most batches have neither.</remarks>
    public static string KeepTexts(bool newcomers, bool wishes) => (newcomers, wishes) switch
    {
        (false, false) => Input + NoPeople + Person + NoKeys + Claim + NoWishes + Store,
        (true, false) => Input + NewPeople + Person + NewKeys + Claim + NoWishes + Store,
        (false, true) => Input + NoPeople + Person + NoKeys + Claim + Wishes + Store,
        (true, true) => Input + NewPeople + Person + NewKeys + Claim + Wishes + Store,
    };

    private const string Input = """
        with input as materialized (
          select * from unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::uuid[], $8::bytea[], $9::bytea[], $10::text[],
            $11::text[], $12::text[], $13::uuid[], $14::bytea[], $15::bytea[], $16::bytea[], $17::bytea[], $18::smallint[], $19::smallint[], $20::text[],
            $21::text[], $22::text[], $23::jsonb[], $30::timestamptz[])
          with ordinality as i(sid, phone_hash, our_number, channel, message_id, user_id, key_id, wrapped, phone_cipher, tail,
            alias, country, profile_key_id, profile_wrapped, body, fields, content_hash, segments, media, verdict, via, consent, event, written_at, n)),

        """;

    private const string NewPeople = """
        -- The update changes nothing; it locks and returns the winner, also when a concurrent commit is outside the snapshot.
        made as (
          insert into users (id, phone_hash, phone_cipher, phone_tail, alias, country)
          select distinct on (phone_hash) user_id, phone_hash, phone_cipher, tail, alias, country from input where wrapped is not null order by phone_hash, n
          on conflict (phone_hash) do update set phone_hash = excluded.phone_hash
          returning id, phone_hash, tier_id, is_blocked, muted_until, preferences, persona_config, timezone),

        """;

    private const string NoPeople = """
        made as (
          select id, phone_hash, tier_id, is_blocked, muted_until, preferences, persona_config, timezone from users where false),

        """;

    private const string Person = """
        person as (
          select * from made
          union all
          select u.id, u.phone_hash, u.tier_id, u.is_blocked, u.muted_until, u.preferences, u.persona_config, u.timezone
          from (select distinct user_id from input where wrapped is null) known join users u on u.id = known.user_id),

        """;

    private const string NewKeys = """
        profile as (
          insert into user_keys (user_id, month, key_id, wrapped, master_id)
          select distinct on (i.user_id) i.user_id, date '1970-01-01', i.profile_key_id, i.profile_wrapped, $25
          from input i join made m on m.id = i.user_id and m.phone_hash = i.phone_hash order by i.user_id
          on conflict do nothing),
        month_key as (
          insert into user_keys (user_id, month, key_id, wrapped, master_id)
          select distinct on (p.id) p.id, $24, i.key_id, i.wrapped, $25 from input i join made p on p.phone_hash = i.phone_hash order by p.id
          on conflict (user_id, month) do update set key_id = user_keys.key_id
          returning user_id, key_id, wrapped),

        """;

    private const string NoKeys = """
        month_key as (select user_id, key_id, wrapped from user_keys where false),

        """;

    private const string Claim = """
        keys as (
          select * from month_key
          union all
          select k.user_id, k.key_id, null::bytea
          from (select distinct user_id from input where wrapped is null) known join user_keys k on k.user_id = known.user_id and k.month = $24),
        -- Only texts encrypted under the key that won; the others come again with it.
        ok as (
          select i.*, p.id as person_id, p.tier_id, p.is_blocked, p.muted_until
          from input i join person p on p.phone_hash = i.phone_hash join keys k on k.user_id = p.id and k.key_id = i.key_id),
        claimed as (
          insert into message_sids (twilio_sid, message_id, created_at, direction) select sid, message_id, now(), 'in' from ok order by sid
          on conflict do nothing returning message_id),
        fresh as (
          select ok.*, row_number() over turns as nth, count(*) over (partition by ok.person_id, ok.our_number, ok.channel) as many
          from ok join claimed on claimed.message_id = ok.message_id
          window turns as (partition by ok.person_id, ok.our_number, ok.channel order by ok.n)),

        """;

    private const string Wishes = """
        wish as (select distinct on (phone_hash) phone_hash, consent, message_id from fresh where consent is not null order by phone_hash, n desc),
        went_out as (
          insert into consents (phone_hash, state, source) select phone_hash, 'out', 'text' from wish where consent = 'out' order by phone_hash
          on conflict (phone_hash) do update set state = 'out', source = 'text', at = now() returning phone_hash, 'out' as change),
        came_in as (
          update consents c set state = 'in', source = 'text', at = now() from wish w
          where w.consent = 'in' and c.phone_hash = w.phone_hash and c.state = 'out' returning c.phone_hash, 'in' as change),
        changed as (
          select w.message_id, w.phone_hash, x.change from wish w join (select * from went_out union all select * from came_in) x on x.phone_hash = w.phone_hash),

        """;

    private const string NoWishes = """
        changed as (select null::bigint as message_id, null::text as change where false),

        """;

    private const string Store = """
        woken as (
          insert into conversations as c (user_id, our_number, channel, version, pending, fence, lease_owner, lease_token, lease_until)
          select person_id, our_number, channel, count(*), count(*), 1, case when $28 then $26::int end, case when $28 then $27::bigint end,
            case when $28 then clock_timestamp() + $29::interval end
          from fresh group by 1, 2, 3 order by 1, 2, 3
          on conflict (user_id, our_number, channel) do update set
            version = c.version + excluded.version, pending = c.pending + excluded.pending,
            fence = c.fence + ($28 and c.lease_until is null and c.pending = 0)::int,
            lease_owner = case when $28 and c.lease_until is null and c.pending = 0 then excluded.lease_owner else c.lease_owner end,
            lease_token = case when $28 and c.lease_until is null and c.pending = 0 then excluded.lease_token else c.lease_token end,
            lease_until = case when $28 and c.lease_until is null and c.pending = 0 then excluded.lease_until else c.lease_until end
          returning id, user_id, our_number, channel, fence, version, coalesce(lease_token = $27::bigint, false) as mine),
        placed as (
          select f.*, w.id as conversation_id, w.fence, w.version - f.many + f.nth as position, w.mine and f.nth = 1 as runs, x.change
          from fresh f join woken w on w.user_id = f.person_id and w.our_number = f.our_number and w.channel = f.channel
          left join changed x on x.message_id = f.message_id),
        stored as (
          insert into messages (id, created_at, conversation_id, user_id, direction, kind, state, position, key_id, body_cipher, fields_cipher,
            content_hash, sid, verdict, ingested_via, num_segments, num_media, sent_at)
          select message_id, now(), conversation_id, person_id, 'in', 'text', 'received', position, key_id, body, fields,
            content_hash, sid, verdict, via, segments, media, written_at from placed),
        queued as (
          insert into queue (id, conversation_id, user_id, inbound_id, message_at, position, priority, state, consent_change)
          select p.message_id, p.conversation_id, p.person_id, p.message_id, now(), p.position, coalesce(t.priority, 0),
            (case when p.runs then 'running' else 'queued' end)::queue_state, p.change
          from placed p left join tiers t on t.id = p.tier_id),
        told as (
          insert into events (stream_id, version, type, correlation_id, data, created_at)
          select conversation_id, position, 'received', message_id,
            case when change is null then event else event || jsonb_build_object('consent', change) end, now()
          from placed order by n)
        select i.n, case when p.message_id is not null then 0 when o.message_id is not null then 1 else 2 end as outcome,
          p.conversation_id, p.fence, coalesce(p.runs, false), p.position, person.id, person.tier_id, person.is_blocked, person.muted_until,
          k.key_id, k.wrapped, p.change, coalesce(p.change, c.state) = 'out', b.phone_hash is not null, now(),
          person.preferences::text, person.persona_config::text, person.timezone
        from input i
        left join person on person.phone_hash = i.phone_hash
        left join keys k on k.user_id = person.id
        left join ok o on o.message_id = i.message_id
        left join placed p on p.message_id = i.message_id
        left join consents c on c.phone_hash = i.phone_hash
        left join blocked_senders b on b.phone_hash = i.phone_hash
        order by i.n
        """;
}
