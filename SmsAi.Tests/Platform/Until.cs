using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SmsAi.Tests.Platform;

/// <summary>Waits for something that another thread or process brings about, with a deadline that names it.</summary>
public static class Until
{
    /// <param name="what">How the deadline calls it; the condition itself, if nothing else is said.</param>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", double seconds = 60) =>
        TrueAsync(() => Task.FromResult(condition()), () => what, seconds);

    public static Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "", double seconds = 60) =>
        TrueAsync(condition, () => what, seconds);

    /// <summary>The same, for a name that tells what was seen last.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, double seconds = 60)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started).TotalSeconds > seconds) throw new TimeoutException($"Not within {seconds} s: {what()}.");
            await Task.Delay(10);
        }
    }

    /// <summary>Reads until the value is the expected one.</summary>
    public static Task EqualAsync<T>(T expected, Func<Task<T?>> read, double seconds = 60)
    {
        T? last = default;
        return TrueAsync(async () => Equals(last = await read(), expected), () => $"{expected}, last seen {last}", seconds);
    }
}
