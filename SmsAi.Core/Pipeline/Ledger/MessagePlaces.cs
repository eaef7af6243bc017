using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Finds when the messages of events were stored, since a message is addressed by (id, created_at).</summary>
public static class MessagePlaces
{
    // Nearly all are as old as their events; only those that waited long are looked for in every partition.
    private const string Sql = """
        with recent as (
          select m.id, m.created_at from unnest($1) x(id)
          -- Looked up one by one: the planner would rather read all messages of the hour, in which there may be millions.
          cross join lateral (select m.id, m.created_at from messages m where m.id = x.id and m.created_at >= $2 limit 1) m)
        select id, created_at from recent
        union all
        select m.id, m.created_at from messages m where m.created_at < $2 and m.id = any(array(select unnest($1) except select id from recent))
        """;

    /// <summary>By message id; messages that are gone are missing.</summary>
    public static async Task<IReadOnlyDictionary<long, DateTime>> FindAsync(
        NpgsqlConnection connection, IReadOnlyCollection<long> messages, DateTimeOffset firstEvent, CancellationToken cancel)
    {
        var places = new Dictionary<long, DateTime>(messages.Count);
        if (messages.Count == 0)
            return places;

        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters = { new() { Value = messages.ToArray() }, new() { Value = firstEvent.UtcDateTime.AddHours(-1) } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            places[rows.GetInt64(0)] = rows.GetDateTime(1);
        return places;
    }
}
