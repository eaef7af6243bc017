using Npgsql;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;

namespace SmsAi.Core.Features.Conversations;

/// <summary>A conversation: with whom, over which number of ours, and whether an answer is being written now.</summary>
public sealed record ConversationHead
{
    public required long Id { get; init; }
    public required long Person { get; init; }
    public required string OurNumber { get; init; }
    public required string Channel { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required string Alias { get; init; }
    public required string Tail { get; init; }
    public required string Tier { get; init; }

    /// <summary>The model is at work on one of her texts.</summary>
    public required bool IsAnswering { get; init; }

    /// <summary>Who answers here; null: the AI.</summary>
    public required Holder? Holder { get; init; }

    internal static ConversationHead Of(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Person = row.GetInt64(1),
        OurNumber = row.GetString(2),
        Channel = row.GetString(3),
        Since = row.GetFieldValue<DateTimeOffset>(4),
        Alias = row.GetString(5),
        Tail = row.GetString(6),
        Tier = row.GetString(7),
        IsAnswering = row.GetBoolean(8),
        Holder = row.IsDBNull(9)
            ? null
            : new(row.GetInt64(9), row.GetString(10), row.GetFieldValue<DateTimeOffset>(11), row.GetFieldValue<DateTimeOffset>(12)),
    };
}

/// <summary>The operator who has a conversation, since when, and when she last acted in it.</summary>
public sealed record Holder(long Operator, string Name, DateTimeOffset Since, DateTimeOffset Seen);

/// <summary>An answer of the AI that was not sent because a person has the conversation.</summary>
public sealed record Suggestion(long Message, DateTimeOffset At, string? Text);

/// <summary>The conversation passed from the AI to a person, from one to another, or back.</summary>
/// <param name="By">Who took or gave it.</param>
/// <param name="From">Who had it before; null: the AI.</param>
/// <param name="Drafts">Answers that became suggestions.</param>
/// <param name="IsWithCarrier">An answer had begun to leave.</param>
public sealed record ThreadTurn(long Position, DateTimeOffset At, bool IsTaken, string By, string? From, int Drafts, bool IsWithCarrier, bool IsByIdleness);

/// <summary>One message of a thread.</summary>
public sealed record ThreadLine
{
    public required long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required bool IsInbound { get; init; }
    public required string Kind { get; init; }
    public required string State { get; init; }

    /// <summary>Its place in the order of the conversation.</summary>
    public required long Position { get; init; }

    public required int Segments { get; init; }
    public required int Media { get; init; }
    public required long CostMicros { get; init; }
    public required int? AnswerMilliseconds { get; init; }
    public required int? ErrorCode { get; init; }
    public required string? ErrorText { get; init; }
    public required string? CarrierStatus { get; init; }

    /// <summary>Null for an erased text.</summary>
    public required int? Length { get; init; }

    /// <summary>Who wrote it by hand.</summary>
    public required string? By { get; init; }

    /// <summary>The failed message it sends again.</summary>
    public required long? ResendOf { get; init; }

    /// <summary>It was sent again, as another message.</summary>
    public required bool IsSentAgain { get; init; }

    /// <summary>Who marked it as an error.</summary>
    public required string? MarkedBy { get; init; }

    /// <summary>Null for those who may not read it, and when it is erased.</summary>
    public string? Text { get; init; }

    public MessageCursor Cursor => new(At, Id);

    internal static ThreadLine Of(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        At = row.GetFieldValue<DateTimeOffset>(1),
        IsInbound = row.GetBoolean(2),
        Kind = row.GetString(3),
        State = row.GetString(4),
        Position = row.GetInt64(5),
        Segments = row.GetInt16(6),
        Media = row.GetInt16(7),
        CostMicros = row.GetInt64(8),
        AnswerMilliseconds = row.IsDBNull(9) ? null : row.GetInt32(9),
        ErrorCode = row.IsDBNull(10) ? null : row.GetInt32(10),
        ErrorText = row.IsDBNull(11) ? null : row.GetString(11),
        CarrierStatus = row.IsDBNull(12) ? null : row.GetString(12),
        Length = row.IsDBNull(13) ? null : Math.Max(0, row.GetInt32(13) - MessageBodies.CipherOverhead),
        By = row.IsDBNull(14) ? null : row.GetString(14),
        ResendOf = row.IsDBNull(15) ? null : row.GetInt64(15),
        IsSentAgain = row.GetBoolean(16),
        MarkedBy = row.IsDBNull(17) ? null : row.GetString(17),
    };
}

/// <summary>A stretch of a thread, oldest first, and whether there are older messages.</summary>
public sealed record ThreadWindow(IReadOnlyList<ThreadLine> Lines, bool HasOlder);
