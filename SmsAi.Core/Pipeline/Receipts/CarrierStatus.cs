using System.Collections.Frozen;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>
/// A carrier's word about a text we sent, and where it stands in the order of things: reports come in any order, and a lower rank
/// never overwrites a higher one. Delivered outranks failed, since a late receipt from the phone is the better evidence.
/// </summary>
public sealed record CarrierStatus
{
    /// <summary>The rank of a text no carrier has said anything about.</summary>
    public const int PendingRank = 0;

    /// <summary>The rank of our own note that the carrier accepted a text.</summary>
    public const int SentRank = 40;

    private static readonly CarrierStatus[] All =
    [
        new("accepted", 10, "sent", "sent"),
        new("scheduled", 10, "sent", "sent"),
        new("queued", 20, "sent", "sent"),
        new("sending", 30, "sent", "sent"),
        new("sent", 40, "sent", "sent"),
        new("unknown", 41, "sent", "sent"),
        new("partially_delivered", 45, "partly_delivered", "partly delivered"),
        new("undelivered", 50, "undelivered", "undelivered") { IsFinal = true, IsFailure = true },
        new("failed", 50, "failed", "failed") { IsFinal = true, IsFailure = true },
        new("canceled", 50, "cancelled", "cancelled") { IsFinal = true, IsFailure = true },
        new("delivered", 60, "delivered", "delivered") { IsFinal = true },
        new("read", 70, "read", "read") { IsFinal = true },
    ];

    private static readonly FrozenDictionary<string, CarrierStatus> ByWord = All.ToFrozenDictionary(status => status.Word, StringComparer.OrdinalIgnoreCase);

    private CarrierStatus(string word, int rank, string state, string words) => (Word, Rank, State, Words) = (word, rank, state, words);

    /// <summary>As the carrier writes it.</summary>
    public string Word { get; }

    public int Rank { get; }

    /// <summary>The state of our message it amounts to, as the table messages knows it.</summary>
    public string State { get; }

    /// <summary>For people.</summary>
    public string Words { get; }

    /// <summary>Nothing but better evidence comes after it.</summary>
    public bool IsFinal { get; private init; }

    /// <summary>The text did not reach anyone.</summary>
    public bool IsFailure { get; private init; }

    public static IReadOnlyList<CarrierStatus> Known => All;

    /// <summary>The status of that name, or null: a word of another kind (inbound) or of a time to come.</summary>
    public static CarrierStatus? Find(string? word) => word is not null && ByWord.TryGetValue(word, out var status) ? status : null;

    /// <summary>Whether this report may overwrite what is known.</summary>
    public bool Outranks(int rank) => Rank > rank;
}
