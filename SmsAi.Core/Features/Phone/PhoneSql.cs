namespace SmsAi.Core.Features.Phone;

/// <summary>What the Phone page reads. Each statement is about the conversation of one handset.</summary>
internal static class PhoneSql
{
    /// <summary>$1 phone hashes[]: who is behind the handsets, in their order; a handset that never wrote has no alias.</summary>
    public const string People = """
        select x.n, u.alias, t.name, coalesce(s.state = 'out', false), coalesce(u.is_blocked, false)
        from unnest($1::bytea[]) with ordinality as x(hash, n)
        left join users u on u.phone_hash = x.hash
        left join tiers t on t.id = u.tier_id
        left join consents s on s.phone_hash = x.hash
        """;

    /// <summary>$1 phone hash $2 our number</summary>
    public const string Conversation = """
        select c.id from conversations c join users u on u.id = c.user_id where u.phone_hash = $1 and c.our_number = $2 and c.channel = 'sms'
        """;

    /// <summary>$1 conversation $2 at most; newest first.</summary>
    public const string Texts = """
        select m.id, m.created_at, m.direction = 'in', m.state::text, length(m.body_cipher), nullif(m.reply_to, 0), m.answer_ms, m.sid, m.carrier_status,
          m.error_code, m.error_text, q.held_by, coalesce(q.state in ('queued', 'running'), false),
          q.id is not null and q.outbound_id is null
        from messages m left join queue q on q.id = m.id and q.inbound_id is not null
        where m.conversation_id = $1
        order by m.created_at desc, m.id desc limit $2
        """;

    /// <summary>$1 conversation $2 at most: the steps that went over a wire, newest first.</summary>
    public const string Steps = """
        select id, stream_id, version, type, correlation_id, data::text, created_at from events
        where stream_id = $1 and type = any('{answered,sent,retry,uncertain,failed,status}')
        order by version desc limit $2
        """;

    /// <summary>$1 message ids[]: reports that fitted nothing.</summary>
    public const string Oddities = """
        select id, at, path, verdict, status, sid, times from webhook_log where message_id = any($1) order by at desc limit 30
        """;
}
