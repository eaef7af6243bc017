using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
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

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
