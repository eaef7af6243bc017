namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>How much waits in the queue, and how long already.</summary>
internal static class QueueDepthSql
{
    /// <summary>$1 count to at most. A text that waits behind a held one of its conversation is held as well; a send that no text asked for overtakes it.</summary>
    public const string Depth = """
        with behind as materialized (
          select distinct q.id, q.message_at
          from (select h.conversation_id, h.position from queue h where h.state = 'held' limit $1) h
          join queue q on q.conversation_id = h.conversation_id and q.position > h.position and q.state = 'queued' and q.inbound_id is not null)
        select due.n as due, due.age as due_age, held.n as held, held.age as held_age from
          (select count(*)::int as n, clock_timestamp() - min(message_at) as age from (
            select q.message_at from queue q where q.state <> 'held' and q.run_at <= now() and q.id not in (select b.id from behind b) limit $1) q) due,
          (select count(*)::int as n, clock_timestamp() - min(message_at) as age from (
            select message_at from queue where state = 'held' union all select message_at from behind limit $1) q) held
        """;
}
