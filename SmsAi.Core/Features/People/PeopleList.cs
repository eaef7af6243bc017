using System.Globalization;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.People;

/// <summary>Finds people among hundreds of thousands, a page at a time.</summary>
public sealed class PeopleList(Databases databases, PhoneHasher hasher, TimeProvider clock)
{
    private const int CountedExactly = 10_000;

    /// <summary>One page from a place on, or the first.</summary>
    public async Task<PeoplePage> ReadAsync(
        PeopleFilter filter, PeopleOrder order, bool descending, PeoplePlace? from, int size, CancellationToken cancel)
    {
        var isBefore = from?.IsBefore == true;
        await using var command = await CommandAsync(PeopleListSql.Of(order, descending != isBefore), filter, size + 1, cancel, order, from);
        var people = new List<PersonLine>(size + 1);
        await using (var rows = await command.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
                people.Add(LineOf(rows, order));
        }

        var goesOn = people.Count > size;
        if (goesOn)
            people.RemoveAt(size);
        if (isBefore)
            people.Reverse();
        return people.Count == 0
            ? new PeoplePage([], null, null)
            : new PeoplePage(
                people,
                isBefore ? goesOn ? Place(people[0], true) : null : from is null ? null : Place(people[0], true),
                isBefore || goesOn ? Place(people[^1], false) : null);
    }

    /// <summary>A few of those who carry this tag, whoever wrote last first.</summary>
    public async Task<IReadOnlyList<PersonLine>> TaggedAsync(string tag, int most, CancellationToken cancel)
    {
        await using var command = await CommandAsync(PeopleListSql.Tagged, new() { Tag = tag }, most, cancel);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var people = new List<PersonLine>(most);
        while (await rows.ReadAsync(cancel))
            people.Add(LineOf(rows, default));
        return people;
    }

    /// <summary>How many match: exactly up to ten thousand, by the planner's estimate above.</summary>
    public async Task<PeopleCount> CountAsync(PeopleFilter filter, CancellationToken cancel)
    {
        await using var count = await CommandAsync(PeopleListSql.Count, filter, CountedExactly + 1, cancel);
        var counted = (long)(await count.ExecuteScalarAsync(cancel))!;
        if (counted <= CountedExactly)
            return new PeopleCount(counted, IsEstimate: false);
        await using var estimate = await CommandAsync(PeopleListSql.Estimate, filter, CountedExactly, cancel);
        return new PeopleCount(Math.Max(RowsOf((string)(await estimate.ExecuteScalarAsync(cancel))!), counted), IsEstimate: true);
    }

    /// <summary>Who has this number; it is hashed here and goes nowhere else.</summary>
    public async Task<long?> FindAsync(PhoneNumber number, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("select id from users where phone_hash = $1");
        command.Parameters.Add(new() { Value = hasher.Hash(number.Canonical) });
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    /// <summary>The names of all tiers, the lowest first.</summary>
    public async Task<IReadOnlyList<string>> TiersAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(PeopleListSql.Tiers);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var names = new List<string>();
        while (await rows.ReadAsync(cancel))
            names.Add(rows.GetString(0));
        return names;
    }

    /// <summary>The tags in use, the commonest first.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(PeopleListSql.Tags);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var tags = new List<string>();
        while (await rows.ReadAsync(cancel))
            tags.Add(rows.GetString(0));
        return tags;
    }

    private static PeoplePlace Place(PersonLine person, bool isBefore) => new(person.Value, person.Id, isBefore);

    private Task<NpgsqlCommand> CommandAsync(
        string sql, PeopleFilter filter, int limit, CancellationToken cancel, PeopleOrder order = default, PeoplePlace? from = null) =>
        PeopleParameters.CommandAsync(databases, sql, filter, clock.GetUtcNow(), limit, cancel, order, from);

    private static long RowsOf(string plan)
    {
        using var document = JsonDocument.Parse(plan);
        return document.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetInt64();
    }

    internal static PersonLine LineOf(NpgsqlDataReader row, PeopleOrder order)
    {
        var (alias, since, last) = (row.GetString(2), row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8));
        return new()
        {
            Id = row.GetInt64(0),
            Version = row.GetInt32(1),
            Alias = alias,
            Tail = row.GetString(3),
            Tier = row.GetString(4),
            Country = row.IsDBNull(5) ? null : row.GetString(5),
            State = row.GetString(6),
            Since = since,
            LastText = last,
            TextsMonth = row.GetInt32(9),
            SpendMicros = row.GetInt64(10),
            Tags = row.GetFieldValue<string[]>(13),
            Value = order switch
            {
                PeopleOrder.Alias => alias,
                PeopleOrder.Since => PeopleParameters.Text(since),
                PeopleOrder.Spend => string.Create(CultureInfo.InvariantCulture, $"{row.GetFieldValue<DateOnly>(11):yyyyMMdd}_{row.GetInt64(12)}"),
                _ => PeopleParameters.Text(last),
            },
        };
    }
}
