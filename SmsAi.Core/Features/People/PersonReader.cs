using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.People;

/// <summary>Reads what the page of one person shows.</summary>
public sealed class PersonReader(Databases databases, LimitUse limits, TimeProvider clock)
{
    private const int TasksShown = 25;
    private const int ErrorsShown = 100;

    /// <summary>Null when there is nobody with this id.</summary>
    public async Task<PersonProfile?> ReadAsync(long id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        var holds = new List<PersonHold>();
        await using (var command = new NpgsqlCommand(PersonSql.Holds, connection) { Parameters = { new() { Value = id } } })
        await using (var rows = await command.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
                holds.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<DateTimeOffset>(3), rows.IsDBNull(4) ? null : rows.GetFieldValue<DateTimeOffset>(4)));
        }

        await using var profile = new NpgsqlCommand(PersonSql.Profile, connection)
        {
            Parameters = { new() { Value = id }, new() { Value = new DateOnly(now.Year, now.Month, 1) } },
        };
        await using var row = await profile.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? ProfileOf(row, holds) : null;
    }

    /// <summary>The limits that hold for her and how much of each is used.</summary>
    public Task<IReadOnlyList<LimitLine>> LimitsAsync(PersonProfile person, CancellationToken cancel) =>
        limits.OfAsync(person.Line.Id, person.PhoneHash, person.TierId, cancel);

    /// <summary>Her texts and what became of them, newest first, from a place on.</summary>
    public async Task<PersonTasks> TasksAsync(long id, long? olderThan, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(PersonSql.Tasks);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = (object?)olderThan ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = TasksShown + 1 });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var tasks = new List<PersonTask>();
        while (await rows.ReadAsync(cancel))
            tasks.Add(TaskOf(rows));
        if (tasks.Count <= TasksShown)
            return new(tasks, null);
        tasks.RemoveAt(TasksShown);
        return new(tasks, tasks[^1].Id);
    }

    /// <summary>What went wrong with her texts and ours, newest first.</summary>
    public Task<List<PersonError>> ErrorsAsync(long id, CancellationToken cancel) => ListAsync(
        PersonSql.Errors, id,
        row => new PersonError(
            row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetBoolean(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt32(4), Text(row, 5), Text(row, 6)),
        cancel);

    /// <summary>When she opted out and in by a text, newest first.</summary>
    public Task<List<ConsentChange>> ConsentChangesAsync(long id, CancellationToken cancel) => ListAsync(
        PersonSql.Consents, id, row => new ConsentChange(row.GetFieldValue<DateTimeOffset>(0), row.GetString(1) == "out", row.IsDBNull(2) ? null : row.GetInt64(2)), cancel);

    private async Task<List<T>> ListAsync<T>(string sql, long person, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(sql);
        command.Parameters.Add(new() { Value = person });
        command.Parameters.Add(new() { Value = ErrorsShown });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var list = new List<T>();
        while (await rows.ReadAsync(cancel))
            list.Add(read(rows));
        return list;
    }

    private static PersonProfile ProfileOf(NpgsqlDataReader row, List<PersonHold> holds) => new()
    {
        Line = PeopleList.LineOf(row, default),
        TierId = row.GetInt16(14),
        IsBlocked = row.GetBoolean(15),
        MutedUntil = row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16),
        TextsTotal = row.GetInt64(17),
        Preferences = PersonPreferences.Parse(row.GetString(19), row.GetString(26), row.GetString(18)),
        KeptPreferences = KeptOf(row.GetString(19)),
        Conversation = row.IsDBNull(27) ? null : row.GetInt64(27),
        BillingId = Text(row, 20),
        Consent = Text(row, 21) is { } state ? new(state, row.GetString(22), row.GetFieldValue<DateTimeOffset>(23)) : null,
        HasNumber = row.GetBoolean(24),
        HasName = row.GetBoolean(28),
        PhoneHash = row.GetFieldValue<byte[]>(25),
        Holds = holds,
    };

    private static PersonTask TaskOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Message = row.GetInt64(1),
        At = row.GetFieldValue<DateTimeOffset>(2),
        Category = row.GetString(3),
        State = Text(row, 4) ?? "",
        Model = Text(row, 5),
        Tokens = row.GetInt32(6),
        ProcessingMilliseconds = row.IsDBNull(7) ? null : row.GetInt32(7),
        Micros = row.GetInt64(8),
        Fault = Text(row, 9),
    };

    private static List<(string Name, string Value)> KeptOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind != JsonValueKind.Object
            ? []
            : [.. document.RootElement.EnumerateObject().Select(field => (field.Name, Value: ValueOf(field.Value)))];
    }

    private static string ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "on",
        JsonValueKind.False => "off",
        JsonValueKind.String => value.GetString() ?? "",
        _ => value.GetRawText(),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
