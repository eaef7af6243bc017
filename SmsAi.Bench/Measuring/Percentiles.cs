namespace SmsAi.Bench.Measuring;

/// <summary>How long something took for half of the cases, for 95 and for 99 of a hundred, and at worst; in milliseconds.</summary>
public readonly record struct Percentiles(double P50, double P95, double P99, double Worst)
{
    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? default : new(At(0.50), At(0.95), At(0.99), sorted[^1]);

        double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
