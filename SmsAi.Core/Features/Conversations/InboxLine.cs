using Npgsql;
using SmsAi.Core.Pipeline;

namespace SmsAi.Core.Features.Conversations;

/// <summary>One conversation in the inbox: who, the newest message, and what waits there.</summary>
public sealed record InboxLine
{
    public required long Conversation { get; init; }
    public required long Person { get; init; }
    public required string Alias { get; init; }
    public required string Tail { get; init; }
    public required string Tier { get; init; }
    public required string Channel { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The newest message.</summary>
    public required long Message { get; init; }

    public required bool IsInbound { get; init; }
    public required string Kind { get; init; }

    /// <summary>The newest message's state as lists say it.</summary>
    public required string State { get; init; }

    /// <summary>Null for an erased text.</summary>
    public required int? Length { get; init; }

    /// <summary>Her texts since this operator looked, at most <see cref="InboxList.MostUnread"/>.</summary>
    public required int Unread { get; init; }

    /// <summary>A dead letter or an uncertain send waits for a decision.</summary>
    public required bool NeedsPerson { get; init; }

    /// <summary>The operator who answers here; null: the AI.</summary>
    public required long? TakenBy { get; init; }

    public required string? TakenName { get; init; }

    /// <summary>The newest message's text, for those who may read it.</summary>
    public string? Text { get; init; }

    internal static InboxLine Of(NpgsqlDataReader row) => new()
    {
        Conversation = row.GetInt64(0),
        Person = row.GetInt64(1),
        Alias = row.GetString(2),
        Tail = row.GetString(3),
        Tier = row.GetString(4),
        Channel = row.GetString(5),
        At = row.GetFieldValue<DateTimeOffset>(6),
        Message = row.GetInt64(7),
        IsInbound = row.GetBoolean(8),
        Kind = row.GetString(9),
        State = row.GetString(10),
        Length = row.IsDBNull(11) ? null : Math.Max(0, row.GetInt32(11) - MessageBodies.CipherOverhead),
        Unread = (int)row.GetInt64(12),
        NeedsPerson = row.GetBoolean(13),
        TakenBy = row.IsDBNull(14) ? null : row.GetInt64(14),
        TakenName = row.IsDBNull(15) ? null : row.GetString(15),
    };
}

/// <summary>A page of the inbox, newest first, with the way to the pages beside it.</summary>
public sealed record InboxWindow(IReadOnlyList<InboxLine> Lines, bool HasNewer, bool HasOlder);

/// <summary>How much waits in the inbox; each count stops at <see cref="InboxList.MostUnread"/>.</summary>
public sealed record InboxCounts(int Unread, int NeedsPerson, int Taken);

/// <summary>Somebody whose alias was looked for, with her newest conversation.</summary>
public sealed record FoundPerson(string Alias, string Tail, long Conversation, DateTimeOffset LastAt);
