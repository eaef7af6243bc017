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
        var places = await MessagePlaces.FindAsync(connection, [.. texts, .. answers], events, cancel);
        var changes = new SortedDictionary<long, TaskChange>();
        foreach (var (entry, data) in read)
        {
            if (TaskChange.TextOf(entry, data) is not { } text)
                continue;
            if (!changes.TryGetValue(text, out var change))
                changes[text] = change = new TaskChange();
            change.Add(entry, data, places.TryGetValue(text, out var received) ? received : null);
        }

        var known = await BeginAsync(connection, [.. texts.Where(places.ContainsKey).Order()], changes, places, cancel);
        await ChangeAsync(connection, [.. changes.Where(change => known.Contains(change.Key))], places, cancel);
    }

    private static long? TextOf((LedgerEvent Entry, EventData Data) one) =>
        one.Entry.Type == EventTypes.Received ? one.Data.Number("m") : TaskChange.TextOf(one.Entry, one.Data);

    /// <summary>Returns the texts whose tasks there were before.</summary>
    private static async Task<HashSet<long>> BeginAsync(
        NpgsqlConnection connection, long[] texts, SortedDictionary<long, TaskChange> changes, IReadOnlyDictionary<long, DateTime> places,
        CancellationToken cancel)
    {
        var none = new TaskChange();
        KeyValuePair<long, TaskChange>[] begun = [.. texts.Select(text => KeyValuePair.Create(text, changes.GetValueOrDefault(text, none)))];
        await using var command = new NpgsqlCommand(TasksSql.Begin, connection)
        {
            Parameters = { new() { Value = texts }, new() { Value = texts.Select(text => places[text]).ToArray() } },
        };
        AddColumns(command.Parameters, begun, places);
        var known = new HashSet<long>(changes.Keys);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            known.Remove(rows.GetInt64(0));
        return known;
    }

    private static async Task ChangeAsync(
        NpgsqlConnection connection, KeyValuePair<long, TaskChange>[] changes, IReadOnlyDictionary<long, DateTime> places, CancellationToken cancel)
    {
        if (changes.Length == 0)
            return;
        await using var command = new NpgsqlCommand(TasksSql.Change, connection)
        {
            Parameters = { new() { Value = changes.Select(change => change.Key).ToArray() }, Column(changes, change => change.Again, NpgsqlDbType.Boolean) },
        };
        AddColumns(command.Parameters, changes, places);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static void AddColumns(
        NpgsqlParameterCollection parameters, KeyValuePair<long, TaskChange>[] changes, IReadOnlyDictionary<long, DateTime> places)
    {
        parameters.Add(Column(changes, change => change.Answer, NpgsqlDbType.Bigint));
        parameters.Add(Column(
            changes, change => change.Answer is { } answer && places.TryGetValue(answer, out var at) ? at : (DateTime?)null, NpgsqlDbType.TimestampTz));
        parameters.Add(Column(changes, change => change.Category, NpgsqlDbType.Text));
        parameters.Add(Column(changes, change => change.Tokens, NpgsqlDbType.Integer));
        parameters.Add(Column(changes, change => change.Sent, NpgsqlDbType.Bigint));
        parameters.Add(Column(changes, change => change.ProcessingMilliseconds, NpgsqlDbType.Integer));
        parameters.Add(Column(changes, change => change.Why, NpgsqlDbType.Text));
        parameters.Add(Column(changes, change => change.CompletedAt, NpgsqlDbType.TimestampTz));
    }

    private static NpgsqlParameter Column<T>(KeyValuePair<long, TaskChange>[] changes, Func<TaskChange, T> of, NpgsqlDbType type) =>
        new() { Value = Array.ConvertAll(changes, change => of(change.Value)), NpgsqlDbType = NpgsqlDbType.Array | type };
}
