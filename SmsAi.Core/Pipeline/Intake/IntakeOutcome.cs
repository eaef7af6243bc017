using Npgsql;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>What the statement said about one row.</summary>
internal sealed record IntakeOutcome
{
    public const int Kept = 0;
    public const int KnownSid = 1;
    public const int OtherKey = 2;

    public required int Code { get; init; }

    public long ConversationId { get; init; }

    public long Fence { get; init; }

    /// <summary>This replica holds the conversation's lease, and the text is its head.</summary>
    public bool Runs { get; init; }

    public long Position { get; init; }

    public long UserId { get; init; }

    public short TierId { get; init; }

    public bool IsBlocked { get; init; }

    public DateTimeOffset? MutedUntil { get; init; }

    public Guid KeyId { get; init; }

    /// <summary>The key that won, when it was not ours.</summary>
    public byte[]? WrappedKey { get; init; }

    public string? ConsentChange { get; init; }

    public bool HasOptedOut { get; init; }

    public DateTimeOffset At { get; init; }

    public PersonPreferences Preferences { get; init; } = PersonPreferences.None;

    public static IntakeOutcome Read(NpgsqlDataReader reader) => new()
    {
        Code = reader.GetInt32(1),
        ConversationId = reader.IsDBNull(2) ? 0 : reader.GetInt64(2),
        Fence = reader.IsDBNull(3) ? 0 : reader.GetInt64(3),
        Runs = reader.GetBoolean(4),
        Position = reader.IsDBNull(5) ? 0 : reader.GetInt64(5),
        UserId = reader.IsDBNull(6) ? 0 : reader.GetInt64(6),
        TierId = reader.IsDBNull(7) ? (short)1 : reader.GetInt16(7),
        IsBlocked = !reader.IsDBNull(8) && reader.GetBoolean(8) || reader.GetBoolean(14),
        MutedUntil = reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9),
        KeyId = reader.IsDBNull(10) ? Guid.Empty : reader.GetGuid(10),
        WrappedKey = reader.IsDBNull(11) ? null : reader.GetFieldValue<byte[]>(11),
        ConsentChange = reader.IsDBNull(12) ? null : reader.GetString(12),
        HasOptedOut = !reader.IsDBNull(13) && reader.GetBoolean(13),
        At = reader.GetFieldValue<DateTimeOffset>(15),
        Preferences = reader.IsDBNull(16) ? PersonPreferences.None : PersonPreferences.Parse(reader.GetString(16), reader.GetString(17), reader.GetString(18)),
    };

    public Turn ToTurn(IntakeRow row) => new()
    {
        ConversationId = ConversationId,
        Fence = Fence,
        ItemId = row.MessageId,
        InboundId = row.MessageId,
        MessageAt = At,
        AgeWhenLeased = row.Arrival.WrittenAt is { } written && written < At ? At - written : TimeSpan.Zero,
        Position = Position,
        Person = new TurnPerson(UserId, row.Arrival.Text.From.Address, Verdicts.Word(row.Arrival.Text.From.Verdict), TierId, IsBlocked, HasOptedOut, MutedUntil)
        {
            PhoneHash = row.PhoneHash,
            Preferences = Preferences,
        },
        OurNumber = row.OurNumber,
        Channel = row.Arrival.Text.Channel,
        Key = row.Sender.Key,
        Text = row.Arrival.Text.Body,
        ContentHash = row.ContentHash,
        OptOutType = row.Arrival.Text.OptOutType,
        ConsentChange = ConsentChange,
    };
}
