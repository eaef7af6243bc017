using System.Diagnostics;

namespace SmsAi.Tests.Platform;

/// <summary>Waits for something that happens by itself, as long as a patient person would.</summary>
public static class Eventually
{
    /// <summary>Asks until it is so; after the deadline, the last look decides.</summary>
    public static async Task<bool> BeAsync(Func<bool> condition, TimeSpan? deadline = null)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition() && Stopwatch.GetElapsedTime(start) < (deadline ?? TimeSpan.FromSeconds(15)))
            await Task.Delay(10);
        return condition();
    }
}
