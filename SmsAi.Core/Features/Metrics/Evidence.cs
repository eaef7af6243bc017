using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Metrics;

/// <summary>What an event proves about a text we sent.</summary>
internal enum EvidenceKind
{
    /// <summary>The carrier accepted it: our own note.</summary>
    Sent,

    /// <summary>The carrier has it and says nothing final.</summary>
    UnderWay,

    Delivered,

    Failed,
}

/// <summary>An event that proves something about a text we sent: a note of our own, or a receipt.</summary>
/// <param name="Text">The text it answers; null when no text asked for it.</param>
internal sealed record Evidence(long Stream, long Version, DateTimeOffset At, long Message, EvidenceKind Kind, long? Text, long Micros)
{
    /// <summary>Null for an event that names no message.</summary>
    public static Evidence? Of(LedgerEvent entry)
    {
        var data = EventData.Of(entry);
        return data.Number("m") is { } message
            ? new(entry.StreamId, entry.Version, entry.At, message, KindOf(entry.Type, data.Text("status")),
                entry.CorrelationId == message ? null : entry.CorrelationId, data.Number("micros") ?? 0)
            : null;
    }

    public static EvidenceKind KindOf(string type, string? status) => (type, status) switch
    {
        (EventTypes.Sent, _) => EvidenceKind.Sent,
        (_, "delivered" or "read") => EvidenceKind.Delivered,
        (_, "failed" or "undelivered" or "canceled") => EvidenceKind.Failed,
        _ => EvidenceKind.UnderWay,
    };
}
