using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stories;

/// <summary>Reads the list of all messages page by page, newest first.</summary>
public sealed class MessageList(Databases databases, MessageBodies bodies)
{
    private const int MostLiving = 2_000;

    /// <summary>The messages after <paramref name="before"/> in the list, or those above <paramref name="after"/>; without either the newest.</summary>
    public async Task<MessageWindow> ReadAsync(MessageFilter filter, MessageCursor? before, MessageCursor? after, int size, CancellationToken cancel)
    {
        var living = filter.IsLiving ? await LivingAsync(cancel) : null;
        await using var command = databases.Pages.CreateCommand(after is null ? MessageListSql.Older : MessageListSql.Newer);
        foreach (var parameter in Parameters(filter, after ?? before, size + 1, living))
            command.Parameters.Add(parameter);
        List<ListedMessage> messages = [];
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel)) messages.Add(ListedMessage.Of(rows));
        var goesOn = messages.Count > size;
        if (goesOn) messages.RemoveAt(size);
        if (after is not null) messages.Reverse();
        return new MessageWindow(messages, HasNewer: after is null ? before is not null : goesOn, HasOlder: after is not null || goesOn);
    }

    /// <summary>Texts by message id, for those who may read them: the caller checks the right.</summary>
    public Task<IReadOnlyDictionary<long, string>> ReadBodiesAsync(IReadOnlyCollection<long> messages, CancellationToken cancel) =>
        bodies.ReadAsync(messages, cancel);

    /// <summary>Null while they are many: then some are soon met on the way.</summary>
    private async Task<long[]?> LivingAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(MessageListSql.Living);
        command.Parameters.Add(new() { Value = MostLiving });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var ids = new List<long>();
        while (await rows.ReadAsync(cancel))
            ids.Add(rows.GetInt64(0));
        return ids.Count < MostLiving ? [.. ids] : null;
    }

    internal static IEnumerable<NpgsqlParameter> Parameters(MessageFilter filter, MessageCursor? cursor, int limit, long[]? living = null) =>
    [
        Parameter(filter.From.UtcDateTime, NpgsqlDbType.TimestampTz),
        Parameter(filter.Until?.UtcDateTime, NpgsqlDbType.TimestampTz),
        // As text of no type: the server takes it for the enum's, and plans for that very value.
        Parameter(filter.StatesInRows is { } states ? $"{{{string.Join(',', states)}}}" : null, NpgsqlDbType.Unknown),
        Parameter(filter.State, NpgsqlDbType.Text),
        Parameter(filter.Kind, NpgsqlDbType.Unknown),
        Parameter(filter.IsInbound, NpgsqlDbType.Boolean),
        Parameter(filter.Alias, NpgsqlDbType.Text),
        Parameter(filter.FromMicros, NpgsqlDbType.Bigint),
        Parameter(cursor?.At.UtcDateTime, NpgsqlDbType.TimestampTz),
        Parameter(cursor?.Id, NpgsqlDbType.Bigint),
        Parameter(limit, NpgsqlDbType.Integer),
        Parameter(filter.IsOdd ? true : null, NpgsqlDbType.Boolean),
        Parameter(living, NpgsqlDbType.Array | NpgsqlDbType.Bigint),
    ];

    private static NpgsqlParameter Parameter(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
