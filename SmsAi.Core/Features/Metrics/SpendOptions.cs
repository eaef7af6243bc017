using System.ComponentModel.DataAnnotations;

namespace SmsAi.Core.Features.Metrics;

/// <summary>How much the service may spend (section <c>Spend</c>).</summary>
public sealed class SpendOptions
{
    public const string Section = "Spend";

    /// <summary>Dollars for model and carrier together on one UTC day; when they are spent, what is to be sent waits for the next day. 0 or nothing: no cap.</summary>
    [Range(0, 1_000_000)]
    public decimal? PerDayUsd { get; set; }

    internal long? CapMicros => PerDayUsd is > 0 and var dollars ? (long)(dollars * 1_000_000m) : null;
}
