namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>A carrier's report about a text we sent: its SID, our own id if the callback's URL carried it, the carrier's word, and why it failed.</summary>
public sealed record Receipt(string Sid, long? MessageId, string Word, int? ErrorCode);

/// <summary>What became of a report.</summary>
public enum ReceiptResult
{
    /// <summary>It changed the message.</summary>
    Applied,

    /// <summary>It said nothing new: a repeat, or less than is known.</summary>
    Known,

    /// <summary>It fits no text of ours.</summary>
    Unknown,

    /// <summary>Its id belongs to a text with another SID, or its word is none of a text that was sent.</summary>
    Ignored,

    /// <summary>The database didn't answer in time; the carrier may come again, and the poll asks later.</summary>
    Unavailable,
}
