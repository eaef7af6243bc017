namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>A reader somebody waits for: it keeps its own pace and is told when its work is visible.</summary>
public interface ILedgerFollower : ILedgerReader
{
    /// <summary>The shortest time between two batches while there is little to do; full batches follow each other at once.</summary>
    TimeSpan Pace { get; }

    /// <summary>Told after the commit, on the replica that applied the batch; a crash in between forgets it, so nothing may depend on it.</summary>
    void Committed(IReadOnlyList<LedgerEvent> events);
}
