using Npgsql;
using SmsAi.Core.Pipeline;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Makes the live tail's lines from the rows of <see cref="OverviewSql.Tail"/>.</summary>
internal static class OverviewTail
{
    public static TailRow Row(NpgsqlDataReader row)
    {
        var isInbound = row.GetBoolean(2);
        var category = row.IsDBNull(12) ? null : row.GetString(12);
        var micros = row.GetInt64(10);
        return new()
        {
            Id = row.GetInt64(0),
            At = row.GetFieldValue<DateTimeOffset>(1),
            IsInbound = isInbound,
            UserId = row.GetInt64(3),
            ConversationId = row.GetInt64(4),
            Alias = row.GetString(5),
            Tail = row.GetString(6),
            Kind = KindOf(isInbound, row.GetString(7), category),
            State = StateOf(isInbound, row.GetString(8), row.IsDBNull(13) ? null : row.GetString(13), !row.IsDBNull(14) && row.GetBoolean(14)),
            AnswerMilliseconds = row.IsDBNull(9) ? null : row.GetInt32(9),
            CostMicros = micros > 0 ? micros : null,
            Length = row.IsDBNull(11) ? null : Math.Max(0, row.GetInt32(11) - MessageBodies.CipherOverhead),
        };
    }

    internal static string KindOf(bool isInbound, string kind, string? category) => (isInbound, kind) switch
    {
        (true, _) or (_, "answer") => category ?? "",
        (_, "apology") => "Apology",
        (_, "notice") => "Notice",
        (_, "pause_notice") => "Pause notice",
        (_, "manual") => "By hand",
        (_, "broadcast") => "Broadcast",
        (_, "canary") => "Canary",
        _ => "",
    };

    /// <summary>
    /// The row says how far a message got; what is going on with it now, the queue knows. A text that was answered stays "received" in its row:
    /// writing it once more would cost the road what its answer's row says anyway.
    /// </summary>
    internal static string StateOf(bool isInbound, string state, string? queue, bool isAnswered) => (isInbound, state, queue) switch
    {
        (true, "received", "held") => "held",
        (true, "received", _) when isAnswered => "answered",
        (true, "received", "running") => "answering",
        (true, "received", "queued") => "queued",
        (false, "pending", "held") => "held",
        (false, "pending", _) => "queued",
        _ => state,
    };
}
