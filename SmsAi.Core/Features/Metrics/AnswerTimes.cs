namespace SmsAi.Core.Features.Metrics;

/// <summary>
/// Answer times as counts per bucket, which can be added up over any span; quantiles are read from them to within a bucket's width,
/// a quarter of the value. The bounds are part of the stored data: only new ones may be appended.
/// </summary>
public static class AnswerTimes
{
    // The upper bounds in milliseconds, ten a decade; one more bucket holds what took longer than the last.
    private static readonly int[] Bounds =
    [
        10, 13, 16, 20, 25, 32, 40, 50, 63, 80,
        100, 130, 160, 200, 250, 320, 400, 500, 630, 800,
        1_000, 1_300, 1_600, 2_000, 2_500, 3_200, 4_000, 5_000, 6_300, 8_000,
        10_000, 13_000, 16_000, 20_000, 25_000, 32_000, 40_000, 50_000, 63_000, 80_000,
        120_000,
    ];

    public static int Buckets => Bounds.Length + 1;

    /// <summary>The bucket of a duration: the first whose upper bound it does not exceed.</summary>
    public static int BucketOf(long milliseconds)
    {
        var bucket = Array.BinarySearch(Bounds, (int)Math.Clamp(milliseconds, 0, int.MaxValue));
        return bucket >= 0 ? bucket : ~bucket;
    }

    /// <summary>
    /// The duration a share of all answers stayed below, in milliseconds: even within its bucket, the last bound beyond it; null without answers.
    /// </summary>
    public static int? Quantile(ReadOnlySpan<int> counts, double share)
    {
        long total = 0;
        foreach (var count in counts)
            total += count;
        if (total == 0)
            return null;

        var rank = share * total;
        long below = 0;
        for (var bucket = 0; bucket < counts.Length && bucket < Bounds.Length; bucket++)
        {
            if (counts[bucket] > 0 && below + counts[bucket] >= rank)
            {
                var lower = bucket == 0 ? 0 : Bounds[bucket - 1];
                return (int)Math.Round(lower + (Bounds[bucket] - lower) * (rank - below) / counts[bucket]);
            }

            below += counts[bucket];
        }

        return Bounds[^1];
    }

    /// <summary>Adds counts to others; stored rows may be shorter than today's buckets.</summary>
    public static void Add(Span<int> counts, ReadOnlySpan<int> more)
    {
        for (var bucket = 0; bucket < Math.Min(counts.Length, more.Length); bucket++)
            counts[bucket] += more[bucket];
    }
}
