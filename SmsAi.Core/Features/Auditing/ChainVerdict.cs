using SmsAi.Core.Platform.Access;

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
    /// <summary>In a sentence, for the trail and programs.</summary>
    public string Words => WordsIn(OperatorCulture.Usual);

    /// <summary>In a sentence, with somebody's marks in its numbers.</summary>
    public string WordsIn(OperatorCulture culture) => Fault switch
    {
        ChainFault.Missing when Last > First => $"Rows {First.ToString("N0", culture)} to {Last.ToString("N0", culture)} are missing.",
        ChainFault.Missing => $"Row {First.ToString("N0", culture)} is missing.",
        ChainFault.Altered => $"Row {First.ToString("N0", culture)} was altered: its fields don't fit its hash.",
        ChainFault.Swapped => $"Row {First.ToString("N0", culture)} stands in another's place: it and row {Last.ToString("N0", culture)} were swapped.",
        ChainFault.Unlinked => $"Row {First.ToString("N0", culture)} doesn't follow the row before it: one of the two was written anew.",
        ChainFault.TailMissing when Last > First => $"Rows {First.ToString("N0", culture)} to {Last.ToString("N0", culture)} are missing at the end.",
        ChainFault.TailMissing => $"Row {First.ToString("N0", culture)} is missing at the end.",
        ChainFault.BeyondHead => $"Row {First.ToString("N0", culture)} was added past the head of the chain.",
        ChainFault.HeadAltered => $"The head of the chain doesn't fit row {First.ToString("N0", culture)}, the last one.",
        ChainFault.HeadMissing => $"The head of the chain is gone; row {First.ToString("N0", culture)} should be the next.",
        _ => $"Row {First.ToString("N0", culture)} is not the one an earlier check saw: the end was cut, or the chain was hashed anew.",
    };
}

/// <summary>What a walk along the chain found, and when.</summary>
/// <param name="Break">Null: the chain is whole.</param>
public sealed record ChainVerdict(DateTimeOffset At, string By, long Rows, TimeSpan Took, long HeadId, byte[] HeadHash, ChainBreak? Break)
{
    public bool IsWhole => Break is null;
}
