using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>Reads leased items back into turns: after a claim, and for the next text of a conversation.</summary>
public sealed class TurnLoader(Databases databases, MasterKeys masters)
{
    /// <summary>The turns of these items; one whose person was erased meanwhile is missing.</summary>
    public async Task<List<Turn>> LoadAsync(IReadOnlyList<(long ItemId, long Fence)> items, CancellationToken cancel)
    {
        await using var command = databases.Road.CreateCommand(QueueSql.Load);
        command.Parameters.Add(Columns.Of(items, item => item.ItemId, NpgsqlDbType.Bigint));
        command.Parameters.Add(Columns.Of(items, item => item.Fence, NpgsqlDbType.Bigint));
        var turns = new List<Turn>(items.Count);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (Read(reader) is { } turn)
                turns.Add(turn);
        }

        return turns;
    }

    private Turn? Read(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(13) || reader.IsDBNull(20) || reader.IsDBNull(25))
            return null;
        var userId = reader.GetInt64(11);
        var profile = masters.Unwrap(reader.GetGuid(20), reader.GetFieldValue<byte[]>(21));
        var key = masters.Unwrap(reader.GetGuid(25), reader.GetFieldValue<byte[]>(26));
        var number = profile.Decrypt(reader.GetFieldValue<byte[]>(13), "users.phone", userId);
        var channel = reader.GetString(19);
        long? inboundId = reader.IsDBNull(3) ? null : reader.GetInt64(3);
        return new Turn
        {
            ItemId = reader.GetInt64(0),
            Fence = reader.GetInt64(1),
            ConversationId = reader.GetInt64(2),
            InboundId = inboundId,
            MessageAt = reader.GetFieldValue<DateTimeOffset>(4),
            AgeWhenLeased = reader.GetFieldValue<DateTimeOffset>(35) - reader.GetFieldValue<DateTimeOffset>(36),
            Position = reader.GetInt64(5),
            Class = reader.GetInt16(6),
            Tries = reader.GetInt16(7),
            Crashes = reader.GetInt16(8),
            Looks = reader.GetInt16(9),
            ConsentChange = reader.IsDBNull(10) ? null : reader.GetString(10),
            Person = new TurnPerson(userId, Address(number, channel), reader.GetString(22), reader.GetInt16(14), reader.GetBoolean(15),
                reader.GetBoolean(17), reader.IsDBNull(16) ? null : reader.GetFieldValue<DateTimeOffset>(16))
            {
                PhoneHash = reader.GetFieldValue<byte[]>(12),
                Preferences = PersonPreferences.Parse(reader.GetString(37), reader.GetString(38), reader.GetString(39)),
            },
            OurNumber = reader.GetString(18),
            Channel = channel,
            Key = key,
            Text = inboundId is null || reader.IsDBNull(23) ? "" : key.Decrypt(reader.GetFieldValue<byte[]>(23), "messages.body", inboundId.Value),
            ContentHash = reader.IsDBNull(24) ? null : reader.GetFieldValue<byte[]>(24),
            Outbound = reader.IsDBNull(27) ? null : ReadOutbound(reader, key),
        };
    }

    private static Outbound ReadOutbound(NpgsqlDataReader reader, PersonKey key)
    {
        var id = reader.GetInt64(27);
        return new Outbound(
            id, reader.GetFieldValue<DateTimeOffset>(28), reader.GetString(29), reader.GetString(30), reader.GetInt16(31),
            reader.IsDBNull(32) ? null : reader.GetFieldValue<DateTimeOffset>(32),
            reader.IsDBNull(33) ? "" : key.Decrypt(reader.GetFieldValue<byte[]>(33), "messages.body", id), reader.GetInt16(34))
        {
            // Ages are taken from the database's clock alone.
            SendingFor = reader.IsDBNull(32) ? TimeSpan.Zero : reader.GetFieldValue<DateTimeOffset>(35) - reader.GetFieldValue<DateTimeOffset>(32),
        };
    }

    private static string Address(string number, string channel) =>
        channel == "whatsapp" && !number.StartsWith("whatsapp:", StringComparison.Ordinal) ? "whatsapp:" + number : number;
}
