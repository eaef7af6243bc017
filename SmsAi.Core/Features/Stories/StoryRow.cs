using Npgsql;

namespace SmsAi.Core.Features.Stories;

/// <summary>A message's row as the story needs it.</summary>
internal sealed record StoryRow
{
    public const string Columns = """
        m.id, m.created_at, m.conversation_id, m.user_id, m.direction = 'in', m.kind::text, m.state::text, m.position, nullif(m.reply_to, 0), m.sid, m.carrier_status,
        m.error_code, m.error_text, m.num_segments, m.num_media, m.attempt, m.body_cipher is null, m.model, m.persona, m.tokens_in, m.tokens_cached, m.tokens_out,
        m.model_ms, m.model_micros, m.carrier_micros
        """;

    public required long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long ConversationId { get; init; }

    public required long UserId { get; init; }

    public required bool IsInbound { get; init; }

    public required string Kind { get; init; }

    public required string State { get; init; }

    public required long Position { get; init; }

    public required long? ReplyTo { get; init; }

    public required string? Sid { get; init; }

    public required string? CarrierStatus { get; init; }

    public required int? ErrorCode { get; init; }

    public required string? ErrorText { get; init; }

    public required int Segments { get; init; }

    public required int Media { get; init; }

    public required int Attempts { get; init; }

    public required bool IsErased { get; init; }

    public required string? Model { get; init; }

    public required string? Persona { get; init; }

    public required int TokensIn { get; init; }

    public required int TokensCached { get; init; }

    public required int TokensOut { get; init; }

    public required int? ModelMilliseconds { get; init; }

    public required long ModelMicros { get; init; }

    public required long CarrierMicros { get; init; }

    public static StoryRow Of(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        At = row.GetFieldValue<DateTimeOffset>(1),
        ConversationId = row.GetInt64(2),
        UserId = row.GetInt64(3),
        IsInbound = row.GetBoolean(4),
        Kind = row.GetString(5),
        State = row.GetString(6),
        Position = row.GetInt64(7),
        ReplyTo = row.IsDBNull(8) ? null : row.GetInt64(8),
        Sid = Text(row, 9),
        CarrierStatus = Text(row, 10),
        ErrorCode = row.IsDBNull(11) ? null : row.GetInt32(11),
        ErrorText = Text(row, 12),
        Segments = row.GetInt16(13),
        Media = row.GetInt16(14),
        Attempts = row.GetInt16(15),
        IsErased = row.GetBoolean(16),
        Model = Text(row, 17),
        Persona = Text(row, 18),
        TokensIn = row.GetInt32(19),
        TokensCached = row.GetInt32(20),
        TokensOut = row.GetInt32(21),
        ModelMilliseconds = row.IsDBNull(22) ? null : row.GetInt32(22),
        ModelMicros = row.GetInt64(23),
        CarrierMicros = row.GetInt64(24),
    };

    public StoryMessage ToMessage(string? text, bool textsWanted) => new(
        Id, At, IsInbound, Kind, State, Sid, CarrierStatus, ErrorCode, ErrorText, Segments, Media, Attempts, text, IsErased || (textsWanted && text is null));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) || row.GetString(column).Length == 0 ? null : row.GetString(column);
}
