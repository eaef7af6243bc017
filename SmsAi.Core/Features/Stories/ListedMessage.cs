using Npgsql;
using SmsAi.Core.Pipeline;

namespace SmsAi.Core.Features.Stories;

/// <summary>One line of the list of messages; its text is not here, only how long it is.</summary>
public sealed record ListedMessage
{
    public required long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required bool IsInbound { get; init; }

    /// <summary>Empty for an erased person.</summary>
    public required string Alias { get; init; }

    public required string Tail { get; init; }
    public required string Kind { get; init; }

    /// <summary>What it was about, once that is known.</summary>
    public string? Category { get; init; }

    public required string State { get; init; }
    public int? AnswerMilliseconds { get; init; }
    public required long CostMicros { get; init; }

    /// <summary>Null for an erased text.</summary>
    public int? Length { get; init; }

    public MessageCursor Cursor => new(At, Id);

    internal static ListedMessage Of(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        At = row.GetFieldValue<DateTimeOffset>(1),
        IsInbound = row.GetBoolean(2),
        Alias = row.GetString(3),
        Tail = row.GetString(4),
        Kind = row.GetString(5),
        Category = row.IsDBNull(6) ? null : row.GetString(6),
        State = row.GetString(7),
        AnswerMilliseconds = row.IsDBNull(8) ? null : row.GetInt32(8),
        CostMicros = row.GetInt64(9),
        Length = row.IsDBNull(10) ? null : Math.Max(0, row.GetInt32(10) - MessageBodies.CipherOverhead),
    };
}

/// <summary>A page of messages, newest first, with the way to the pages beside it.</summary>
public sealed record MessageWindow(IReadOnlyList<ListedMessage> Messages, bool HasNewer, bool HasOlder);
