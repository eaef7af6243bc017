using System.Diagnostics;

namespace SmsAi.Tests.Platform;

/// <summary>Waits for something to become true, with a deadline that names it.</summary>
public static class Until
{
    public static Task TrueAsync(Func<bool> condition, string what, double seconds = 20) => TrueAsync(() => Task.FromResult(condition()), what, seconds);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 20) => TrueAsync(condition, () => what, seconds);

    /// <summary>The same, for a name that tells what was seen last.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, double seconds = 20)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds) throw new TimeoutException($"Not within {seconds} s: {what()}.");
            await Task.Delay(10);
        }
    }
}
