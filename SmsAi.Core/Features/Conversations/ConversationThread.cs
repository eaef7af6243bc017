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
    };
}

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
    };
}

/// <summary>A stretch of a thread, oldest first, and whether there are older messages.</summary>
public sealed record ThreadWindow(IReadOnlyList<ThreadLine> Lines, bool HasOlder);
