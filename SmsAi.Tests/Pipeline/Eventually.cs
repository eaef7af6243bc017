using System.Diagnostics;

namespace SmsAi.Tests.Pipeline;

/// <summary>Waits for something that another thread or process brings about; fails with what was seen last.</summary>
public static class Eventually
{
    public static async Task AsyncTrue(Func<Task<bool>> condition, Func<string>? seen = null, int seconds = 20)
    {
        var started = Stopwatch.GetTimestamp();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds)
                throw new TimeoutException($"It did not happen within {seconds} s. {seen?.Invoke()}");
            await look.WaitForNextTickAsync();
        }
    }

    /// <summary>Polls until the value is the expected one.</summary>
    public static Task AsyncEqual<T>(T expected, Func<Task<T?>> read, int seconds = 20)
    {
        T? last = default;
        return AsyncTrue(async () => Equals(last = await read(), expected), () => $"Expected {expected}, last seen {last}.", seconds);
    }
}
