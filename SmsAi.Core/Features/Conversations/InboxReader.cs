using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Conversations;

/// <summary>Keeps the inbox: each conversation's newest message and newest text, a moment after they are stored.</summary>
internal sealed class InboxReader(LiveFeed live) : ILedgerFollower
{
    public string Name => "inbox";

    /// <summary>A text stands in every open inbox within a second, with all the steps between; most answers come in the same pass as their text.</summary>
    public TimeSpan Pace => TimeSpan.FromMilliseconds(450);

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        var news = NewsOf(events);
        if (news.Count == 0)
            return;
        var places = await MessagePlaces.FindAsync(connection, [.. news.SelectMany(one => new[] { one.Last, one.Text }).OfType<long>().Distinct()], events, cancel);
        // Erased meanwhile, or never kept: nothing to show.
        News[] kept = [.. news.Where(one => places.ContainsKey(one.Last))];
        await using var command = new NpgsqlCommand(InboxSql.Keep, connection)
        {
            Parameters =
            {
                new() { Value = kept.Select(one => one.Conversation).ToArray() },
                new() { Value = kept.Select(one => one.Last).ToArray() },
                new() { Value = kept.Select(one => places[one.Last]).ToArray() },
                // Typed by hand: a null before the first time would make them times without a zone, which these are not.
                new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, Value = kept.Select(one => one.Text is { } text && places.TryGetValue(text, out var at) ? at : (DateTime?)null).ToArray() },
                new() { Value = kept.Select(one => one.TextPosition).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    public void Committed(IReadOnlyList<LedgerEvent> events) => live.Publish(LiveTopics.Conversations);

    private static List<News> NewsOf(IReadOnlyList<LedgerEvent> events)
    {
        var news = new Dictionary<long, News>();
        foreach (var entry in events)
        {
            if (entry.Type is not (EventTypes.Received or EventTypes.Answered) || EventData.Of(entry).Number("m") is not { } message)
                continue;
            var before = news.GetValueOrDefault(entry.StreamId);
            news[entry.StreamId] = entry.Type == EventTypes.Received
                ? new(entry.StreamId, message, message, entry.Version)
                : new(entry.StreamId, message, before.Text, before.TextPosition);
        }

        return [.. news.Values];
    }

    private readonly record struct News(long Conversation, long Last, long? Text, long TextPosition);
}
