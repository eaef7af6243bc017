using Microsoft.Extensions.Options;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>What a text costs until the carrier bills it.</summary>
public sealed class SmsPrice(IOptions<PricesOptions> options)
{
    /// <summary>Micro-dollars for a text of so many parts.</summary>
    public long Micros(int segments) => (long)decimal.Ceiling(options.Value.SmsSegmentUsd * 1_000_000m) * Math.Max(0, segments);
}
