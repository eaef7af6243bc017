using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Conversations;

/// <summary>Reads the inbox page by page, newest first, and keeps what each operator has read.</summary>
public sealed class InboxList(Databases databases, MessageBodies bodies, TimeProvider clock)
{
    /// <summary>Counting stops here: whoever has more to read needs no exact number.</summary>
    public const int MostUnread = 100;

    private const int FewestLetters = 2;
    private const int MostPeople = 6;

    /// <summary>The conversations after <paramref name="before"/> in the list, or those above <paramref name="after"/>; without either the newest.</summary>
    /// <param name="withTexts">The caller checks the right to read them.</param>
    public async Task<InboxWindow> ReadAsync(
        InboxFilter filter, MessageCursor? before, MessageCursor? after, int size, bool withTexts, CancellationToken cancel)
    {
        // Asked beforehand: only from the id itself can the planner tell how many there are.
        var tier = filter.Tier is { } name ? await TierAsync(name, cancel) : null;
        if (filter.Tier is not null && tier is null)
            return new InboxWindow([], HasNewer: false, HasOlder: false);
        await using var command = databases.Pages.CreateCommand(InboxListSql.Of(filter.Show, newer: after is not null));
        command.Parameters.Add(Parameter(filter.Operator, NpgsqlDbType.Bigint));
        command.Parameters.Add(Parameter(tier, NpgsqlDbType.Smallint));
        command.Parameters.Add(Parameter(filter.Channel, NpgsqlDbType.Text));
        command.Parameters.Add(Parameter((after ?? before)?.At.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Parameter((after ?? before)?.Id, NpgsqlDbType.Bigint));
        command.Parameters.Add(Parameter(size + 1, NpgsqlDbType.Integer));
        List<InboxLine> lines = [];
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel)) lines.Add(InboxLine.Of(rows));
        var goesOn = lines.Count > size;
        if (goesOn) lines.RemoveAt(after is null ? size : 0);
        return new InboxWindow(
            withTexts ? await WithTextsAsync(lines, cancel) : lines,
            HasNewer: after is null ? before is not null : goesOn, HasOlder: after is not null || goesOn);
    }

    /// <summary>People whose alias begins as it was typed, blanks for hyphens; nobody for a single letter or a number.</summary>
    public async Task<IReadOnlyList<FoundPerson>> PeopleAsync(string typed, CancellationToken cancel)
    {
        var beginning = typed.Trim().ToLowerInvariant().Replace(' ', '-');
        if (beginning.Length < FewestLetters || PhoneNumber.MayBeOne(typed))
            return [];
        await using var command = databases.Pages.CreateCommand(InboxListSql.People);
        command.Parameters.Add(Parameter(beginning, NpgsqlDbType.Text));
        command.Parameters.Add(Parameter(MostPeople, NpgsqlDbType.Integer));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var people = new List<FoundPerson>();
        while (await rows.ReadAsync(cancel))
            people.Add(new(rows.GetString(0), rows.GetString(1), rows.GetInt64(2), rows.GetFieldValue<DateTimeOffset>(3)));
        return people;
    }

    public async Task<InboxCounts> CountAsync(long? operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(InboxListSql.Counts);
        command.Parameters.Add(Parameter(operatorId, NpgsqlDbType.Bigint));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        return new((int)rows.GetInt64(0), (int)rows.GetInt64(1), (int)rows.GetInt64(2));
    }

    /// <summary>This operator has seen everything up to that position.</summary>
    public async Task MarkReadAsync(long operatorId, long conversation, long position, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(InboxSql.MarkRead);
        command.Parameters.Add(new() { Value = operatorId });
        command.Parameters.Add(new() { Value = conversation });
        command.Parameters.Add(new() { Value = position });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Nothing that came until now is unread for this operator.</summary>
    public async Task MarkAllReadAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(InboxSql.MarkAllRead);
        command.Parameters.Add(new() { Value = operatorId });
        command.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<short?> TierAsync(string name, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(InboxListSql.Tier);
        command.Parameters.Add(Parameter(name, NpgsqlDbType.Text));
        return await command.ExecuteScalarAsync(cancel) as short?;
    }

    private async Task<IReadOnlyList<InboxLine>> WithTextsAsync(List<InboxLine> lines, CancellationToken cancel)
    {
        var texts = await bodies.ReadAsync([.. lines.Select(line => line.Message)], cancel);
        return [.. lines.Select(line => line with { Text = texts.GetValueOrDefault(line.Message) })];
    }

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
