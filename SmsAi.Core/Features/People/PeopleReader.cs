using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Limits;

namespace SmsAi.Core.Features.People;

/// <summary>Counts each person's texts (for life, this UTC month, this UTC day), what she uses and costs this month, when she was last active and on which days.</summary>
internal sealed class PeopleReader : ILedgerReader
{
    public string Name => "people";

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        LedgerEvent[] received = [.. events.Where(entry => entry.Type == EventTypes.Received)];
        (LedgerEvent Entry, MonthUse Use)[] costs = [.. events.Select(entry => (entry, UseOf(entry))).Where(cost => cost.Item2 != default)];
        if (received.Length == 0 && costs.Length == 0)
            return;

        var people = await PeopleOfAsync(connection, [.. received, .. costs.Select(cost => cost.Entry)], cancel);
        var texts = received.Where(entry => people.ContainsKey(entry.StreamId)).ToLookup(entry => people[entry.StreamId], entry => entry.At.UtcDateTime);
        var spent = costs.Where(cost => people.ContainsKey(cost.Entry.StreamId))
            .ToLookup(cost => people[cost.Entry.StreamId], cost => (MonthOf(cost.Entry.At.UtcDateTime), cost.Use));
        Counted[] counted =
        [
            .. texts.Select(one => one.Key).Union(spent.Select(one => one.Key)).Order()
                .Select(person => Counted.Of(person, [.. texts[person]], [.. spent[person]])),
        ];
        if (counted.Length == 0)
            return;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Count(counted));
        if (counted.Any(person => person.Days.Length > 0))
            batch.BatchCommands.Add(NoteActive(counted));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static MonthUse UseOf(LedgerEvent entry)
    {
        if (entry.Type is not (EventTypes.Answered or EventTypes.Shortened or EventTypes.Sent))
            return default;
        var data = EventData.Of(entry);
        var micros = data.Number("micros") ?? 0;
        return entry.Type == EventTypes.Sent
            ? new(0, 0, micros, (int)(data.Number("segments") ?? 0))
            : new(data.Text("kind") == "answer" ? 1 : 0, (data.Number("in") ?? 0) + (data.Number("out") ?? 0), micros, 0);
    }

    private static DateOnly MonthOf(DateTime at) => new(at.Year, at.Month, 1);

    private static async Task<Dictionary<long, long>> PeopleOfAsync(
        NpgsqlConnection connection, LedgerEvent[] received, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PeopleSql.PeopleOf, connection)
        {
            Parameters = { new() { Value = received.Select(entry => entry.StreamId).Distinct().ToArray() } },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var people = new Dictionary<long, long>();
        while (await rows.ReadAsync(cancel))
            people[rows.GetInt64(0)] = rows.GetInt64(1);
        return people;
    }

    private static NpgsqlBatchCommand Count(Counted[] people) => new(PeopleSql.Count)
    {
        Parameters =
        {
            new() { Value = people.Select(person => person.Id).ToArray() },
            new() { Value = people.Select(person => person.Texts).ToArray() },
            new() { Value = people.Select(person => person.LastAt).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            new() { Value = people.Select(person => person.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
            new() { Value = people.Select(person => person.OfDay).ToArray() },
            new() { Value = people.Select(person => person.Month).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
            new() { Value = people.Select(person => person.OfMonth).ToArray() },
            new() { Value = people.Select(person => person.SpendMonth).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
            new() { Value = people.Select(person => person.Use.Micros).ToArray() },
            new() { Value = people.Select(person => person.Use.Answers).ToArray() },
            new() { Value = people.Select(person => person.Use.Tokens).ToArray() },
            new() { Value = people.Select(person => person.Use.Segments).ToArray() },
        },
    };

    private static NpgsqlBatchCommand NoteActive(Counted[] people)
    {
        (long Id, DateOnly Day)[] days = [.. people.SelectMany(person => person.Days.Select(day => (person.Id, day)))];
        return new(PeopleSql.NoteActive)
        {
            Parameters = { new() { Value = days.Select(day => day.Id).ToArray() }, new() { Value = days.Select(day => day.Day).ToArray() } },
        };
    }

    /// <summary>What a batch adds to a person. Without texts the times are null, without costs their month.</summary>
    private sealed record Counted(
        long Id, int Texts, DateTime? LastAt, DateOnly? Day, int OfDay, DateOnly? Month, int OfMonth, DateOnly? SpendMonth, MonthUse Use, DateOnly[] Days)
    {
        public static Counted Of(long person, DateTime[] texts, (DateOnly Month, MonthUse Use)[] costs)
        {
            DateTime? last = texts.Length > 0 ? texts.Max() : null;
            DateOnly[] days = [.. texts.Select(DateOnly.FromDateTime)];
            DateOnly? day = last is { } at ? DateOnly.FromDateTime(at) : null;
            DateOnly? month = last is { } of ? MonthOf(of) : null;
            DateOnly? spendMonth = costs.Length > 0 ? costs.Max(cost => cost.Month) : null;
            return new(person, texts.Length, last, day, days.Count(other => other == day), month, days.Count(other => other >= month), spendMonth,
                costs.Where(cost => cost.Month == spendMonth).Aggregate(default(MonthUse), (sum, cost) => sum + cost.Use), [.. days.Distinct()]);
        }
    }
}
