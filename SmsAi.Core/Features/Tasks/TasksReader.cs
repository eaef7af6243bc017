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
        (LedgerEvent Entry, EventData Data)[] read = [.. events.Select(entry => (entry, EventData.Of(entry)))];
        HashSet<long> texts = [.. read.Select(TextOf).OfType<long>()];
        if (texts.Count == 0)
            return;

        long[] answers = [.. read.Where(one => one.Entry.Type == EventTypes.Answered).Select(one => one.Data.Number("m")).OfType<long>()];
        var places = await MessagePlaces.FindAsync(connection, [.. texts, .. answers], events[0].At, cancel);
        var changes = new SortedDictionary<long, TaskChange>();
        foreach (var (entry, data) in read)
        {
            if (TaskChange.TextOf(entry, data) is not { } text)
                continue;
            if (!changes.TryGetValue(text, out var change))
                changes[text] = change = new TaskChange();
            change.Add(entry, data, places.TryGetValue(text, out var received) ? received : null);
        }

        await WriteAsync(connection, [.. texts.Where(places.ContainsKey).Order()], changes, places, cancel);
    }

    private static long? TextOf((LedgerEvent Entry, EventData Data) one) =>
        one.Entry.Type == EventTypes.Received ? one.Data.Number("m") : TaskChange.TextOf(one.Entry, one.Data);

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
