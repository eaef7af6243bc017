using Microsoft.Extensions.Options;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>What a text costs until the carrier bills it.</summary>
public sealed class SmsPrice(IOptions<PricesOptions> options)
{
    private readonly long _perSegment = (long)decimal.Ceiling(options.Value.SmsSegmentUsd * 1_000_000m);

    /// <summary>Micro-dollars for a text of so many parts.</summary>
    public long Micros(int segments) => _perSegment * Math.Max(0, segments);
}
