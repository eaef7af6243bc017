namespace SmsAi.Core.Features.Conversations;

/// <summary>What the reader of the inbox and its readers' marks write.</summary>
internal static class InboxSql
{
    /// <summary>$1 conversation[] $2 newest message[] $3 its time[] $4 her newest text's time[] $5 its position[]; what is known already is newer or the same.</summary>
    public const string Keep = """
        insert into inbox as i (conversation_id, user_id, last_at, last_message, texted_at, text_position)
        select c.id, c.user_id, x.at, x.message, x.texted_at, x.text_position
        from unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::bigint[]) x(conversation_id, message, at, texted_at, text_position)
        join conversations c on c.id = x.conversation_id
        order by c.id
        on conflict (conversation_id) do update set
          last_at = greatest(i.last_at, excluded.last_at),
          last_message = case when (excluded.last_at, excluded.last_message) >= (i.last_at, i.last_message) then excluded.last_message else i.last_message end,
          texted_at = greatest(i.texted_at, excluded.texted_at), text_position = greatest(i.text_position, excluded.text_position)
        """;

    /// <summary>$1 operator $2 conversation $3 position</summary>
    public const string MarkRead = """
        insert into inbox_reads as r (operator_id, conversation_id, position) select o.id, c.id, $3 from operators o, conversations c where o.id = $1 and c.id = $2
        on conflict (operator_id, conversation_id) do update set position = excluded.position, at = now() where r.position < excluded.position
        """;

    /// <summary>$1 operator $2 up to when</summary>
    public const string MarkAllRead = """
        insert into inbox_floors (operator_id, read_before) select id, $2 from operators where id = $1
        on conflict (operator_id) do update set read_before = greatest(inbox_floors.read_before, excluded.read_before)
        """;
}
