using Npgsql;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.People;

/// <summary>Counts each person's texts (for life, this UTC month, this UTC day), when she was last active and on which days.</summary>
internal sealed class PeopleReader : ILedgerReader
{
    public string Name => "people";

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        LedgerEvent[] received = [.. events.Where(entry => entry.Type == EventTypes.Received)];
        if (received.Length == 0)
            return;

        var people = await PeopleOfAsync(connection, received, cancel);
        Counted[] counted =
        [
            .. received.Where(entry => people.ContainsKey(entry.StreamId))
                .GroupBy(entry => people[entry.StreamId], entry => entry.At.UtcDateTime)
                .Select(texts => Counted.Of(texts.Key, [.. texts])),
        ];
        if (counted.Length == 0)
            return;

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Lock(counted), Count(counted), NoteActive(counted) } };
        await batch.ExecuteNonQueryAsync(cancel);
    }

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

    private static NpgsqlBatchCommand Lock(Counted[] people) => new(PeopleSql.Lock)
    {
        Parameters = { new() { Value = people.Select(person => person.Id).ToArray() } },
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
            var month = new DateOnly(day.Year, day.Month, 1);
            return new(person, texts.Length, last, day, days.Count(other => other == day), month, days.Count(other => other >= month), [.. days.Distinct()]);
        }
    }
}
