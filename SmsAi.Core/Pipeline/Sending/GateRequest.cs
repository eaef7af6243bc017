using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>A turn at the gate: with an answer to store first, or with its outbound message stored before.</summary>
internal sealed record GateRequest(Turn Turn, Draft? Draft, long? NewId, bool WantsGate)
{
    /// <summary>Already "sending": gated too long ago, or uncertain and looked up in vain.</summary>
    public bool Again { get; init; }

    /// <summary>The carrier's list doesn't show the uncertain send.</summary>
    public bool Absent { get; init; }

    /// <summary>The answer as it is stored; null when nothing is.</summary>
    public DraftRow? Row { get; init; }

    public long OutboundId => NewId ?? Turn.Outbound!.Id;
}

/// <summary>A new message made ready for the gate's statement.</summary>
internal sealed record DraftRow(byte[] Body, byte[] ContentHash, string EventData);

/// <summary>What the gate's transaction said.</summary>
/// <param name="Stored">The outbound message as it stands after the commit; null when the lease had been lost.</param>
/// <param name="IsOpen">It is "sending" now and may leave.</param>
/// <param name="AskedAt">When the transaction was sent: a process that freezes finds the answer after it woke, and takes it for new.</param>
/// <param name="At">When the commit was known here, as a <see cref="System.Diagnostics.Stopwatch"/> timestamp.</param>
internal sealed record GateAnswer(Outbound? Stored, bool IsOpen, long AskedAt, long At);
