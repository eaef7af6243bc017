using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Conversations;

/// <summary>Reads one conversation: its head, and its messages from the newest back.</summary>
public sealed class ConversationReader(Databases databases, MessageBodies bodies)
{
    /// <summary>Null when there is no such conversation.</summary>
    public async Task<ConversationHead?> HeadAsync(long conversation, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ThreadSql.Head);
        command.Parameters.Add(new() { Value = conversation });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? ConversationHead.Of(row) : null;
    }

    /// <summary>So many messages before a place, or the newest.</summary>
    /// <param name="withTexts">The caller checks the right to read them.</param>
    public async Task<ThreadWindow> ReadAsync(long conversation, MessageCursor? before, int size, bool withTexts, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ThreadSql.Lines);
        command.Parameters.Add(new() { Value = conversation });
        command.Parameters.Add(Parameter(before?.At.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Parameter(before?.Id, NpgsqlDbType.Bigint));
        command.Parameters.Add(new() { Value = size + 1 });
        List<ThreadLine> lines = [];
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel)) lines.Add(ThreadLine.Of(rows));
        var hasOlder = lines.Count > size;
        if (hasOlder) lines.RemoveAt(size);
        lines.Reverse();
        if (!withTexts)
            return new(lines, hasOlder);
        var texts = await bodies.ReadAsync([.. lines.Select(line => line.Id)], cancel);
        return new([.. lines.Select(line => line with { Text = texts.GetValueOrDefault(line.Id) })], hasOlder);
    }

    /// <summary>What the AI would say, if that is not out of date; null when there is nothing.</summary>
    /// <param name="withText">The caller checks the right to read it.</param>
    public async Task<Suggestion?> SuggestionAsync(long conversation, bool withText, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ThreadSql.Suggestion);
        command.Parameters.Add(new() { Value = conversation });
        Suggestion? found = null;
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (await row.ReadAsync(cancel)) found = new(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), null);
        }

        return found is null || !withText ? found : found with { Text = (await bodies.ReadAsync([found.Message], cancel)).GetValueOrDefault(found.Message) };
    }

    /// <summary>Who answered from when, since a position, oldest first.</summary>
    public async Task<IReadOnlyList<ThreadTurn>> TurnsAsync(long conversation, long fromPosition, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ThreadSql.Turns);
        command.Parameters.Add(new() { Value = conversation });
        command.Parameters.Add(new() { Value = fromPosition });
        List<ThreadTurn> turns = [];
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            turns.Add(new(
                rows.GetInt64(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2) == EventTypes.Taken, rows.IsDBNull(3) ? "" : rows.GetString(3),
                rows.IsDBNull(4) ? null : rows.GetString(4), rows.GetInt32(5), rows.GetBoolean(6), !rows.IsDBNull(7) && rows.GetString(7) == "idle"));
        }

        turns.Reverse();
        return turns;
    }

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
