namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Prices that stand in the settings, because the carrier bills by contract.</summary>
public sealed class PricesOptions
{
    /// <summary>Where they stand in the configuration.</summary>
    public const string Section = "Prices";

    /// <summary>What one part of a text costs, in dollars, until the carrier's own bill says otherwise.</summary>
    public decimal SmsSegmentUsd { get; set; } = 0.0079m;

    /// <summary>What is wrong with the settings, in words for the person who made them.</summary>
    public IEnumerable<string> Faults()
    {
        if (SmsSegmentUsd is < 0 or > 10)
            yield return "Prices:SmsSegmentUsd must be between 0 and 10 dollars.";
    }
}
