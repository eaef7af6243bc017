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

    /// <summary>By message id, told by the events themselves or looked up; messages that are gone may be missing.</summary>
    public static async Task<IReadOnlyDictionary<long, DateTime>> FindAsync(
        NpgsqlConnection connection, IReadOnlyCollection<long> messages, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        var places = new Dictionary<long, DateTime>(messages.Count);
        var untold = new HashSet<long>(messages);
        foreach (var entry in events)
        {
            if (ToldBy(entry) is var (message, at) && untold.Remove(message))
                places[message] = at;
        }

        if (untold.Count > 0)
            await LookUpAsync(connection, places, [.. untold], events[0].At, cancel);
        return places;
    }

    private static (long Message, DateTime At)? ToldBy(LedgerEvent entry) => entry.Type switch
    {
        EventTypes.Received or EventTypes.Answered when EventData.Of(entry) is var data && data.Number("now") == 1 && data.Number("m") is { } message =>
            (message, entry.At.UtcDateTime),
        EventTypes.Sent when entry.CorrelationId is { } text && EventData.Of(entry).Number("t") is { } microseconds =>
            (text, DateTime.UnixEpoch.AddMicroseconds(microseconds)),
        _ => null,
    };

    private static async Task LookUpAsync(
        NpgsqlConnection connection, Dictionary<long, DateTime> places, long[] messages, DateTimeOffset firstEvent, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters = { new() { Value = messages }, new() { Value = firstEvent.UtcDateTime.AddHours(-1) } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            places[rows.GetInt64(0)] = rows.GetDateTime(1);
    }
}
