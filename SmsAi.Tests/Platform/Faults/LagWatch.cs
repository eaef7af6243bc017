using System.Collections.Concurrent;
using System.Diagnostics;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>
/// How late this process itself was to notice things. What it measures in milliseconds it measures no better than this; on a machine that has
/// nothing else to do it is next to nothing.
/// </summary>
public static class LagWatch
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(10);
    private static readonly ConcurrentQueue<(DateTime At, TimeSpan Lag)> Lags = new();
    private static int _started;

    public static void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
            _ = Task.Run(WatchAsync);
    }

    /// <summary>The longest delay within that time.</summary>
    public static TimeSpan Between(DateTime from, DateTime to) =>
        Lags.Where(lag => lag.At >= from && lag.At - lag.Lag <= to).Select(lag => lag.Lag).DefaultIfEmpty().Max();

    private static async Task WatchAsync()
    {
        while (true)
        {
            var before = Stopwatch.GetTimestamp();
            await Task.Delay(Step);
            if (Stopwatch.GetElapsedTime(before) - Step is var lag && lag > Usual)
                Lags.Enqueue((DateTime.UtcNow, lag));
        }
    }
}
