using Npgsql;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.People;

/// <summary>Counts each person's texts (for life, this UTC month, this UTC day), what she costs this month, when she was last active and on which days.</summary>
internal sealed class PeopleReader : ILedgerReader
{
    public string Name => "people";

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        LedgerEvent[] received = [.. events.Where(entry => entry.Type == EventTypes.Received)];
        (LedgerEvent Entry, long Micros)[] costs = [.. events.Select(entry => (entry, MicrosOf(entry))).Where(cost => cost.Item2 > 0)];
        if (received.Length == 0 && costs.Length == 0)
            return;

        var people = await PeopleOfAsync(connection, [.. received, .. costs.Select(cost => cost.Entry)], cancel);
        Counted[] counted =
        [
            .. received.Where(entry => people.ContainsKey(entry.StreamId))
                .GroupBy(entry => people[entry.StreamId], entry => entry.At.UtcDateTime)
                .Select(texts => Counted.Of(texts.Key, [.. texts])),
        ];
        Spent[] spent =
        [
            .. costs.Where(cost => people.ContainsKey(cost.Entry.StreamId))
                .GroupBy(cost => people[cost.Entry.StreamId], cost => (Month: MonthOf(cost.Entry.At.UtcDateTime), cost.Micros))
                .Select(Spent.Of),
        ];
        await using var batch = new NpgsqlBatch(connection);
        if (counted.Length + spent.Length > 0)
            batch.BatchCommands.Add(Lock([.. counted.Select(person => person.Id).Union(spent.Select(person => person.Id))]));
        if (counted.Length > 0)
        {
            batch.BatchCommands.Add(Count(counted));
            batch.BatchCommands.Add(NoteActive(counted));
        }

        if (spent.Length > 0)
            batch.BatchCommands.Add(Spend(spent));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancel);
    }

    private static long MicrosOf(LedgerEvent entry) =>
        entry.Type is EventTypes.Answered or EventTypes.Sent ? EventData.Of(entry).Number("micros") ?? 0 : 0;

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

    private static NpgsqlBatchCommand Lock(long[] people) => new(PeopleSql.Lock) { Parameters = { new() { Value = people } } };

    private static NpgsqlBatchCommand Spend(Spent[] people) => new(PeopleSql.Spend)
    {
        Parameters =
        {
            new() { Value = people.Select(person => person.Id).ToArray() },
            new() { Value = people.Select(person => person.Month).ToArray() },
            new() { Value = people.Select(person => person.Micros).ToArray() },
        },
    };

    private static NpgsqlBatchCommand Count(Counted[] people) => new(PeopleSql.Count)
    {
        Parameters =
        {
            new() { Value = people.Select(person => person.Id).ToArray() },
            new() { Value = people.Select(person => person.Texts).ToArray() },
            new() { Value = people.Select(person => person.LastAt).ToArray() },
            new() { Value = people.Select(person => person.Day).ToArray() },
            new() { Value = people.Select(person => person.OfDay).ToArray() },
            new() { Value = people.Select(person => person.Month).ToArray() },
            new() { Value = people.Select(person => person.OfMonth).ToArray() },
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

    private sealed record Counted(long Id, int Texts, DateTime LastAt, DateOnly Day, int OfDay, DateOnly Month, int OfMonth, DateOnly[] Days)
    {
        public static Counted Of(long person, DateTime[] texts)
        {
            var last = texts.Max();
            DateOnly[] days = [.. texts.Select(DateOnly.FromDateTime)];
            var day = DateOnly.FromDateTime(last);
            var month = MonthOf(last);
            return new(person, texts.Length, last, day, days.Count(other => other == day), month, days.Count(other => other >= month), [.. days.Distinct()]);
        }
    }

    private sealed record Spent(long Id, DateOnly Month, long Micros)
    {
        public static Spent Of(IGrouping<long, (DateOnly Month, long Micros)> costs)
        {
            var month = costs.Max(cost => cost.Month);
            return new(costs.Key, month, costs.Where(cost => cost.Month == month).Sum(cost => cost.Micros));
        }
    }
}
