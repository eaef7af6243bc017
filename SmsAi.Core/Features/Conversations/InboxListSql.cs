namespace SmsAi.Core.Features.Conversations;

/// <summary>
/// The list of conversations. It walks along inbox_newest until the page is full; what a line says besides is looked up for that page alone.
/// </summary>
internal static class InboxListSql
{
    private const string Floor =
        "coalesce((select f.read_before from inbox_floors f where f.operator_id = $1), (select o.created_at from operators o where o.id = $1), 'infinity')";

    private const string IsUnread = "i.texted_at > (select at from floor) and i.text_position > coalesce(r.position, 0)";

    /// <summary>$1 name</summary>
    public const string Tier = "select id from tiers where name = $1";

    /// <summary>$1 operator $2 tier's id $3 channel $4 cursor's time $5 cursor's conversation $6 how many</summary>
    private const string Head = $"""
        with floor as materialized (select {Floor} as at),
        page as (
          select i.*, c.channel, c.taken_by, c.taken_name, u.alias, u.phone_tail, t.name as tier, coalesce(r.position, 0) as read_position, coalesce({IsUnread}, false) as is_unread
          from inbox i
          join conversations c on c.id = i.conversation_id
          join users u on u.id = c.user_id
          join tiers t on t.id = u.tier_id
          left join inbox_reads r on r.operator_id = $1 and r.conversation_id = i.conversation_id
          where ($2::smallint is null or u.tier_id = $2) and ($3::text is null or c.channel = $3)
        """;

    // A conversation's last message is no older than its last text: the list ends where nothing newer than the floor can be.
    private const string WhereUnread = $" and i.last_at > (select at from floor) and {IsUnread}";

    private const string WhereNeedsPerson = " and i.conversation_id in (select d.conversation_id from dead_letters d where d.resolved_at is null)";

    private const string WhereWaiting = """
         and i.conversation_id in (
          select q.conversation_id from queue q
          union all
          select k.id from conversations k join inbox w on w.conversation_id = k.id where k.taken_by is not null and w.text_position > coalesce((
            select max(o.position) from messages o where o.conversation_id = k.id and o.direction = 'out' and o.created_at >= w.texted_at
              and o.state not in ('draft', 'cancelled')), 0))
        """;

    private const string WhereTaken = " and c.taken_by is not null";

    private const string OlderPage = """
         and ($4::timestamptz is null or (i.last_at, i.conversation_id) < ($4, $5::bigint))
          order by i.last_at desc, i.conversation_id desc limit $6)
        """;

    /// <summary>Oldest first.</summary>
    private const string NewerPage = """
         and (i.last_at, i.conversation_id) > ($4::timestamptz, $5::bigint)
          order by i.last_at, i.conversation_id limit $6)
        """;

    // A queue item bears the id of the text that asked for it, else of the message it sends.
    private const string Tail = """

        select p.conversation_id, p.user_id, p.alias, p.phone_tail, p.tier, p.channel, p.last_at, p.last_message,
          m.direction = 'in', m.kind::text,
          case
            when m.direction = 'in' and m.state = 'received' then
              case when q.state = 'held' then 'held' when q.outbound_id is not null then 'answered'
                when q.state = 'running' then 'answering' when q.state = 'queued' then 'queued' else 'received' end
            when m.direction = 'out' and m.state = 'pending' then case when q.state = 'held' then 'held' else 'queued' end
            else m.state::text end,
          length(m.body_cipher), unread.texts,
          exists (select from dead_letters d where d.conversation_id = p.conversation_id and d.resolved_at is null),
          p.taken_by, p.taken_name
        from page p
        join lateral (
          select m.id, m.direction, m.kind, m.state, m.body_cipher, m.reply_to from messages m where m.id = p.last_message and m.created_at = p.last_at limit 1) m on true
        left join lateral (select q.state, q.outbound_id from queue q where q.id = coalesce(nullif(m.reply_to, 0), m.id) limit 1) q on true
        cross join lateral (
          select count(*) as texts from (
            select 1 from messages x where p.is_unread and x.conversation_id = p.conversation_id and x.direction = 'in'
              and x.created_at > (select at from floor) and x.position > p.read_position
            order by x.created_at desc limit 100) x) unread
        order by p.last_at desc, p.conversation_id desc
        """;

    private const string AllOlder = Head + OlderPage + Tail;
    private const string AllNewer = Head + NewerPage + Tail;
    private const string UnreadOlder = Head + WhereUnread + OlderPage + Tail;
    private const string UnreadNewer = Head + WhereUnread + NewerPage + Tail;
    private const string NeedsPersonOlder = Head + WhereNeedsPerson + OlderPage + Tail;
    private const string NeedsPersonNewer = Head + WhereNeedsPerson + NewerPage + Tail;
    private const string WaitingOlder = Head + WhereWaiting + OlderPage + Tail;
    private const string WaitingNewer = Head + WhereWaiting + NewerPage + Tail;
    private const string TakenOlder = Head + WhereTaken + OlderPage + Tail;
    private const string TakenNewer = Head + WhereTaken + NewerPage + Tail;

    /// <summary>$1 operator; among the newest thousand, which bounds what an operator who never looks costs.</summary>
    public const string Counts = $"""
        with floor as materialized (select {Floor} as at)
        select
          (select count(*) from (
            select 1 from (select * from inbox order by last_at desc, conversation_id desc limit 1000) i
            left join inbox_reads r on r.operator_id = $1 and r.conversation_id = i.conversation_id
            where {IsUnread} limit 100) x),
          (select count(*) from (select distinct d.conversation_id from dead_letters d where d.resolved_at is null limit 100) x),
          (select count(*) from (select 1 from conversations c where c.taken_by is not null limit 100) x)
        """;

    /// <summary>$1 beginning of an alias $2 at most: each with her newest conversation.</summary>
    public const string People = """
        select u.alias, u.phone_tail, i.conversation_id, i.last_at from (
          select id, alias, phone_tail from users where alias ^@ $1 order by alias limit $2) u
        cross join lateral (
          select i.conversation_id, i.last_at from conversations c join inbox i on i.conversation_id = c.id where c.user_id = u.id
          order by i.last_at desc limit 1) i
        order by u.alias
        """;

    public static string Of(InboxShow show, bool newer) => (show, newer) switch
    {
        (InboxShow.Unread, false) => UnreadOlder,
        (InboxShow.Unread, true) => UnreadNewer,
        (InboxShow.NeedsPerson, false) => NeedsPersonOlder,
        (InboxShow.NeedsPerson, true) => NeedsPersonNewer,
        (InboxShow.Waiting, false) => WaitingOlder,
        (InboxShow.Waiting, true) => WaitingNewer,
        (InboxShow.Taken, false) => TakenOlder,
        (InboxShow.Taken, true) => TakenNewer,
        (_, false) => AllOlder,
        (_, true) => AllNewer,
    };
}
