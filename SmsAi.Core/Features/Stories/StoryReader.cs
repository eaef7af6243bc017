using Npgsql;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stories;

/// <summary>Reads the story of a message from its rows and its conversation's events.</summary>
public sealed class StoryReader(Databases databases, MessageBodies bodies)
{
    /// <summary>The story of the message, of either direction; null when there is none. Texts only for those who may read them: the caller checks the right.</summary>
    public async Task<MessageStory?> ReadAsync(long message, bool withTexts, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        if (await RowAsync(connection, StorySql.Message, cancel, message) is not { } asked)
            return null;

        var other = await OtherAsync(connection, asked, cancel);
        var (inbound, outbound) = asked.IsInbound ? (asked, other) : (other, asked);
        long[] ids = other is null ? [asked.Id] : [asked.Id, other.Id];
        var events = await EventsAsync(connection, asked.ConversationId, Math.Min(asked.Position, other?.Position ?? long.MaxValue), ids, cancel);
        var person = await PersonAsync(connection, asked.UserId, cancel);
        var prices = outbound?.Model is null ? null : await PricesAsync(connection, outbound.At, cancel);
        var texts = withTexts ? await bodies.ReadAsync(ids, cancel) : new Dictionary<long, string>();
        return Tell(asked, inbound, outbound, events, person, prices, Message);

        StoryMessage? Message(StoryRow? row) => row?.ToMessage(texts.GetValueOrDefault(row.Id), withTexts);
    }

    private static MessageStory Tell(
        StoryRow asked, StoryRow? inbound, StoryRow? outbound, List<LedgerEvent> events, StoryPerson person, PriceTable? prices,
        Func<StoryRow?, StoryMessage?> message)
    {
        var start = inbound?.At ?? outbound!.At;
        var waterfall = Waterfall.Of(start, inbound is not null, events);
        var costs = outbound is null ? [] : StoryCosts.Of(outbound, prices);
        return new()
        {
            Asked = message(asked)!,
            ConversationId = asked.ConversationId,
            Person = person,
            Inbound = message(inbound),
            Outbound = message(outbound),
            Timeline = new StoryTimeline(start, inbound, outbound).Tell(events),
            Waterfall = waterfall.Segments,
            StartedAt = start,
            Took = waterfall.Took,
            Reached = waterfall.Reached,
            Costs = costs,
            TotalMicros = costs.Sum(cost => cost.Micros),
            Answer = outbound?.Model is { } model ? AnswerOf(outbound, model, events) : null,
        };
    }

    private static StoryAnswer AnswerOf(StoryRow outbound, string model, List<LedgerEvent> events) => new(
        model, outbound.Persona,
        events.Where(entry => entry.Type == EventTypes.Answered).Select(entry => EventData.Of(entry).Text("category")).LastOrDefault(),
        1 + events.Count(entry => entry.Type == EventTypes.Retry),
        outbound.TokensIn, outbound.TokensCached, outbound.TokensOut, TimeSpan.FromMilliseconds(outbound.ModelMilliseconds ?? 0));

    private static async Task<StoryRow?> OtherAsync(NpgsqlConnection connection, StoryRow asked, CancellationToken cancel) => asked switch
    {
        { IsInbound: true } => await RowAsync(connection, StorySql.AnswerTo, cancel, asked.ConversationId, asked.At.UtcDateTime, asked.Id),
        { ReplyTo: { } text } => await RowAsync(connection, StorySql.Message, cancel, text),
        _ => null,
    };

    private static async Task<StoryRow?> RowAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values) =>
        (await ListAsync(connection, sql, StoryRow.Of, cancel, values)).FirstOrDefault();

    private static Task<List<LedgerEvent>> EventsAsync(NpgsqlConnection connection, long conversation, long fromVersion, long[] messages, CancellationToken cancel) =>
        ListAsync(connection, StorySql.Events, LedgerRows.Event, cancel, conversation, fromVersion, messages);

    private static async Task<StoryPerson> PersonAsync(NpgsqlConnection connection, long user, CancellationToken cancel) =>
        (await ListAsync(connection, StorySql.Person, row => new StoryPerson(user, row.GetString(0), row.GetString(1)), cancel, user)).FirstOrDefault()
            ?? new StoryPerson(user, "", "");

    private static async Task<PriceTable> PricesAsync(NpgsqlConnection connection, DateTimeOffset at, CancellationToken cancel) => new(
        await ListAsync(connection, StorySql.Prices, StoryCosts.Price, cancel), DateOnly.FromDateTime(at.UtcDateTime));

    private static async Task<List<T>> ListAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<T> list = [];
        while (await rows.ReadAsync(cancel))
            list.Add(read(rows));
        return list;
    }
}
