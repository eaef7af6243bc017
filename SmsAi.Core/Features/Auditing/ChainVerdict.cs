using System.Globalization;

namespace SmsAi.Core.Features.Auditing;

/// <summary>What is wrong with a chain, by the words of audit_verdicts.fault.</summary>
public enum ChainFault
{
    Altered, Missing, Swapped, Unlinked, TailMissing, BeyondHead, HeadAltered, HeadMissing, Rewritten,
}

/// <summary>The first place where the chain breaks.</summary>
/// <param name="First">The sequence of the first broken row.</param>
/// <param name="Last">The last of a gap, or the row it changed places with; else the first.</param>
public sealed record ChainBreak(ChainFault Fault, long First, long Last)
{
    /// <summary>In a sentence.</summary>
    public string Words => Fault switch
    {
        ChainFault.Missing when Last > First => $"Rows {Number(First)} to {Number(Last)} are missing.",
        ChainFault.Missing => $"Row {Number(First)} is missing.",
        ChainFault.Altered => $"Row {Number(First)} was altered: its fields don't fit its hash.",
        ChainFault.Swapped => $"Row {Number(First)} stands in another's place: it and row {Number(Last)} were swapped.",
        ChainFault.Unlinked => $"Row {Number(First)} doesn't follow the row before it: one of the two was written anew.",
        ChainFault.TailMissing when Last > First => $"Rows {Number(First)} to {Number(Last)} are missing at the end.",
        ChainFault.TailMissing => $"Row {Number(First)} is missing at the end.",
        ChainFault.BeyondHead => $"Row {Number(First)} was added past the head of the chain.",
        ChainFault.HeadAltered => $"The head of the chain doesn't fit row {Number(First)}, the last one.",
        ChainFault.HeadMissing => $"The head of the chain is gone; row {Number(First)} should be the next.",
        _ => $"Row {Number(First)} is not the one an earlier check saw: the end was cut, or the chain was hashed anew.",
    };

    private static string Number(long value) => value.ToString("#,##0", CultureInfo.InvariantCulture);
}

/// <summary>What a walk along the chain found, and when.</summary>
/// <param name="Break">Null: the chain is whole.</param>
public sealed record ChainVerdict(DateTimeOffset At, string By, long Rows, TimeSpan Took, long HeadId, byte[] HeadHash, ChainBreak? Break)
{
    public bool IsWhole => Break is null;
}
