using System.Diagnostics;

namespace SmsAi.Tests.Platform.Embedded;

/// <summary>Waits for something another process does.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan deadline)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(began).ShouldBeLessThan(deadline);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
