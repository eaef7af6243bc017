using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Phone;

/// <summary>Reads what handsets show: who is behind them, and what was said between them and us.</summary>
public sealed class PhoneReader(Databases databases, PhoneHasher hasher, MessageBodies bodies, WireLog wire, IOptions<TwilioOptions> twilio)
{
    private const int MostTexts = 60;
    private const int MostSteps = 80;

    /// <summary>The number handsets text; null when a Messaging Service stands in its place and no number is configured.</summary>
    public string? OurNumber => twilio.Value.OwnNumbers.FirstOrDefault();

    /// <summary>Our number's key in conversations: a Messaging Service stands for all its numbers.</summary>
    private string ConversationNumber => string.IsNullOrEmpty(twilio.Value.MessagingServiceSid) ? OurNumber ?? "" : twilio.Value.MessagingServiceSid;

    /// <summary>In the order of the handsets.</summary>
    public async Task<IReadOnlyList<PhonePerson>> PeopleAsync(IReadOnlyList<TestNumber> handsets, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(PhoneSql.People);
        command.Parameters.Add(new() { Value = handsets.Select(handset => hasher.Hash(handset.Canonical)).ToArray() });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var people = new PhonePerson[handsets.Count];
        while (await rows.ReadAsync(cancel))
            people[rows.GetInt64(0) - 1] = new PhonePerson(Text(rows, 1), Text(rows, 2), rows.GetBoolean(3), rows.GetBoolean(4));
        return people;
    }

    /// <param name="withBodies">Whether the reader has the right to read texts.</param>
    public async Task<PhoneThread> ThreadAsync(TestNumber handset, bool withBodies, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        var posted = wire.Of(handset);
        if (await ConversationAsync(connection, handset, cancel) is not { } conversation)
            return new PhoneThread([], [.. posted.Reverse()]);
        var texts = await TextsAsync(connection, conversation, withBodies, cancel);
        var steps = await StepsAsync(connection, conversation, cancel);
        var oddities = await OdditiesAsync(connection, [.. texts.Select(text => text.Id)], cancel);
        return new PhoneThread(texts, [.. posted.Concat(steps).Concat(oddities).OrderByDescending(line => line.At)]);
    }

    private async Task<long?> ConversationAsync(NpgsqlConnection connection, TestNumber handset, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PhoneSql.Conversation, connection);
        command.Parameters.Add(new() { Value = hasher.Hash(handset.Canonical) });
        command.Parameters.Add(new() { Value = ConversationNumber });
        return await command.ExecuteScalarAsync(cancel) as long?;
    }

    private async Task<IReadOnlyList<PhoneText>> TextsAsync(NpgsqlConnection connection, long conversation, bool withBodies, CancellationToken cancel)
    {
        var texts = new List<PhoneText>(MostTexts);
        await using (var command = new NpgsqlCommand(PhoneSql.Texts, connection))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = conversation });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostTexts });
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                texts.Add(TextOf(rows));
        }

        texts.Reverse();
        if (!withBodies)
            return texts;
        var read = await bodies.ReadAsync([.. texts.Select(text => text.Id)], cancel);
        return [.. texts.Select(text => text with { Body = read.GetValueOrDefault(text.Id) })];
    }

    private static async Task<List<WireLine>> StepsAsync(NpgsqlConnection connection, long conversation, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PhoneSql.Steps, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = conversation });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostSteps });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var lines = new List<WireLine>();
        while (await rows.ReadAsync(cancel))
        {
            if (LedgerWire.Of(LedgerRows.Event(rows)) is { } line)
                lines.Add(line);
        }

        return lines;
    }

    private static async Task<List<WireLine>> OdditiesAsync(NpgsqlConnection connection, long[] messages, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PhoneSql.Oddities, connection);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = messages });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var lines = new List<WireLine>();
        while (await rows.ReadAsync(cancel))
        {
            var words = rows.GetString(3).Replace('_', ' ') + (rows.GetInt32(6) is var times and > 1 ? $", {times} times" : "");
            lines.Add(new WireLine(
                $"odd-{rows.GetInt64(0)}", rows.GetFieldValue<DateTimeOffset>(1), WireDirection.In, "POST " + rows.GetString(2), words, rows.GetInt16(4), null,
                Text(rows, 5) is { } sid ? [new WireFact("sid", sid), new WireFact("verdict", words)] : [new WireFact("verdict", words)]));
        }

        return lines;
    }

    private static PhoneText TextOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        At = row.GetFieldValue<DateTimeOffset>(1),
        IsFromHandset = row.GetBoolean(2),
        State = row.GetString(3),
        Body = null,
        Characters = row.IsDBNull(4) ? 0 : Math.Max(0, row.GetInt32(4) - MessageBodies.CipherOverhead),
        ReplyTo = row.IsDBNull(5) ? null : row.GetInt64(5),
        AnswerMilliseconds = row.IsDBNull(6) ? null : row.GetInt32(6),
        Sid = Text(row, 7),
        CarrierStatus = Text(row, 8),
        ErrorCode = row.IsDBNull(9) ? null : row.GetInt32(9),
        ErrorText = Text(row, 10),
        HeldBy = Text(row, 11),
        IsMoving = row.GetBoolean(12),
        IsUnanswered = row.GetBoolean(13),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
