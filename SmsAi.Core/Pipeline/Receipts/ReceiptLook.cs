using Npgsql;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>Finds the messages of a batch of receipts, holds their conversations, and reads them as they are then.</summary>
internal static class ReceiptLook
{
    public static async Task<Dictionary<int, ReceiptMatch>> LockAndReadAsync(NpgsqlConnection connection, IReadOnlyList<Receipt> receipts)
    {
        await using var batch = new NpgsqlBatch(connection);
        // People come before conversations in the order of locks; nearly no receipt changes a person.
        if (receipts.Any(ChangesThePerson))
            Add(batch, ReceiptSql.LockPeople, receipts);
        Add(batch, ReceiptSql.LockConversations, receipts);
        // The last one looks with a snapshot of its own, taken when the locks are held.
        Add(batch, ReceiptSql.Look, receipts);

        await using var reader = await batch.ExecuteReaderAsync();
        for (var locked = 1; locked < batch.BatchCommands.Count; locked++)
            await reader.NextResultAsync();
        var messages = new Dictionary<long, ReceiptMessage>();
        var matches = new Dictionary<int, ReceiptMatch>(receipts.Count);
        while (await reader.ReadAsync())
        {
            var id = reader.GetInt64(2);
            if (!messages.TryGetValue(id, out var message))
                messages[id] = message = Read(reader, id);
            matches[(int)reader.GetInt64(0) - 1] = new ReceiptMatch(message, reader.GetBoolean(1));
        }

        return matches;
    }

    private static bool ChangesThePerson(Receipt receipt) =>
        receipt.ErrorCode is { } code && CarrierErrors.Find(code).Action is CarrierAction.SuppressConsent or CarrierAction.LoopMute;

    private static void Add(NpgsqlBatch batch, string sql, IReadOnlyList<Receipt> receipts)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. receipts.Select(receipt => receipt.Sid)] });
        command.Parameters.Add(new NpgsqlParameter<long?[]> { TypedValue = [.. receipts.Select(receipt => receipt.MessageId)] });
        batch.BatchCommands.Add(command);
    }

    private static ReceiptMessage Read(NpgsqlDataReader reader, long id) => new()
    {
        Id = id,
        At = reader.GetFieldValue<DateTimeOffset>(3),
        ConversationId = reader.GetInt64(4),
        UserId = reader.GetInt64(5),
        State = reader.GetString(6),
        Rank = reader.GetInt16(7),
        Sid = reader.IsDBNull(8) ? null : reader.GetString(8),
        Attempt = reader.GetInt16(9),
        ReplyTo = reader.IsDBNull(10) ? null : reader.GetInt64(10),
        Version = reader.GetInt64(11),
    };
}
