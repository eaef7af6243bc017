using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Reads the trail page by page, newest first; the caller checks the right.</summary>
public sealed class AuditReader(Databases databases)
{
    /// <summary>More than so many are not counted.</summary>
    public const int MostCounted = 10_000;

    private const string PersonResource = "user:";

    /// <summary>The lines after <paramref name="before"/> in the list, or those above <paramref name="after"/>; without either the newest.</summary>
    public async Task<AuditWindow> ReadAsync(AuditFilter filter, long? before, long? after, int size, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(after is null ? AuditSql.Older : AuditSql.Newer, filter, (after ?? before, NpgsqlDbType.Bigint), (size + 1, NpgsqlDbType.Integer)),
                Command(AuditSql.Count, filter, (MostCounted + 1, NpgsqlDbType.Integer)),
            },
        };
        List<AuditLine> lines = [];
        int total;
        await using (var rows = await batch.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel)) lines.Add(AuditLine.Of(rows));
            await rows.NextResultAsync(cancel);
            await rows.ReadAsync(cancel);
            total = rows.GetInt32(0);
        }

        var goesOn = lines.Count > size;
        if (goesOn) lines.RemoveAt(size);
        if (after is not null) lines.Reverse();
        return new AuditWindow(
            lines, HasNewer: after is null ? before is not null : goesOn, HasOlder: after is null ? goesOn : true, total, await PeopleAsync(connection, lines, cancel));
    }

    /// <summary>One line by its number; null when there is none.</summary>
    public async Task<AuditLine?> FindAsync(long id, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(AuditSql.One);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? AuditLine.Of(row) : null;
    }

    /// <summary>Who did this to something last, within a day: whom to name to whoever was slower.</summary>
    public async Task<string?> LastActorAsync(string resource, string action, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(AuditSql.LastActor);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = resource });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = action });
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    public async Task<AuditChoices> ChoicesAsync(CancellationToken cancel)
    {
        await using var batch = databases.Pages.CreateBatch();
        batch.BatchCommands.Add(new(AuditSql.Actors));
        batch.BatchCommands.Add(new(AuditSql.Actions));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        List<string> actors = [], actions = [];
        while (await rows.ReadAsync(cancel)) actors.Add(rows.GetString(0));
        await rows.NextResultAsync(cancel);
        while (await rows.ReadAsync(cancel)) actions.Add(rows.GetString(0));
        return new(actors, actions);
    }

    /// <summary>The person an act was about; null when it was about something else.</summary>
    public static long? PersonOf(string resource) =>
        resource.StartsWith(PersonResource, StringComparison.Ordinal) && long.TryParse(resource.AsSpan(PersonResource.Length), CultureInfo.InvariantCulture, out var id) ? id : null;

    internal static NpgsqlBatchCommand Command(string sql, AuditFilter filter, params ReadOnlySpan<(object? Value, NpgsqlDbType Type)> more)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(Parameter(filter.From.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Parameter(filter.Until?.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Parameter(filter.Actor, NpgsqlDbType.Text));
        command.Parameters.Add(Parameter(filter.Action, NpgsqlDbType.Text));
        command.Parameters.Add(Parameter(filter.Search, NpgsqlDbType.Text));
        foreach (var (value, type) in more)
            command.Parameters.Add(Parameter(value, type));
        return command;
    }

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static async Task<IReadOnlyDictionary<long, AuditPerson>> PeopleAsync(NpgsqlConnection connection, List<AuditLine> lines, CancellationToken cancel)
    {
        var people = new Dictionary<long, AuditPerson>();
        long[] ids = [.. lines.Select(line => PersonOf(line.Resource)).OfType<long>().Distinct()];
        if (ids.Length == 0)
            return people;
        await using var command = new NpgsqlCommand(AuditSql.People, connection) { Parameters = { new NpgsqlParameter<long[]> { TypedValue = ids } } };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) people[rows.GetInt64(0)] = new(rows.GetString(1), rows.GetString(2));
        return people;
    }
}
