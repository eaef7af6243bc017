using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Tasks;

/// <summary>Keeps one row per inbound turn: what was asked when, what answered it, how long that took and whether it succeeded.</summary>
internal sealed class TasksReader : ILedgerReader
{
    public string Name => "tasks";

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        var changes = new SortedDictionary<long, TaskChange>();
        HashSet<long> texts = [];
        foreach (var entry in events)
        {
            var data = EventData.Of(entry);
            if (entry.Type == EventTypes.Received && data.Number("m") is { } received)
                texts.Add(received);
            if (TaskChange.TextOf(entry, data) is not { } text)
                continue;
            if (!changes.TryGetValue(text, out var change))
                changes[text] = change = new TaskChange();
            change.Add(entry, data);
            texts.Add(text);
        }

        if (texts.Count == 0)
            return;
        long[] messages = [.. texts, .. changes.Values.Select(change => change.Answer).OfType<long>()];
        var places = await MessagePlaces.FindAsync(connection, messages, events[0].At, cancel);
        await WriteAsync(connection, [.. texts.Where(places.ContainsKey).Order()], changes, places, cancel);
    }

    private static async Task WriteAsync(
        NpgsqlConnection connection, long[] texts, SortedDictionary<long, TaskChange> changes, IReadOnlyDictionary<long, DateTime> places,
        CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Begin(texts, places) } };
        if (changes.Count > 0)
            batch.BatchCommands.Add(Change(changes, places));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlBatchCommand Begin(long[] texts, IReadOnlyDictionary<long, DateTime> places) => new(TasksSql.Begin)
    {
        Parameters = { new() { Value = texts }, new() { Value = texts.Select(text => places[text]).ToArray() } },
    };

    private static NpgsqlBatchCommand Change(SortedDictionary<long, TaskChange> changes, IReadOnlyDictionary<long, DateTime> places) =>
        new(TasksSql.Change)
        {
            Parameters =
            {
                new() { Value = changes.Keys.ToArray() },
                Column(changes, change => change.Again, NpgsqlDbType.Boolean),
                Column(changes, change => change.Answer, NpgsqlDbType.Bigint),
                Column(changes, change => change.Answer is { } answer && places.TryGetValue(answer, out var at) ? at : (DateTime?)null, NpgsqlDbType.TimestampTz),
                Column(changes, change => change.Category, NpgsqlDbType.Text),
                Column(changes, change => change.Tokens, NpgsqlDbType.Integer),
                Column(changes, change => change.Sent, NpgsqlDbType.Bigint),
                Column(changes, change => change.ProcessingMilliseconds, NpgsqlDbType.Integer),
                Column(changes, change => change.Why, NpgsqlDbType.Text),
                Column(changes, change => change.CompletedAt, NpgsqlDbType.TimestampTz),
            },
        };

    private static NpgsqlParameter Column<T>(SortedDictionary<long, TaskChange> changes, Func<TaskChange, T> of, NpgsqlDbType type) =>
        new() { Value = changes.Values.Select(of).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
