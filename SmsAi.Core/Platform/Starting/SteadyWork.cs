using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace SmsAi.Core.Platform.Starting;

/// <summary>
/// Keeps background work going whatever it meets: what the work doesn't catch itself is logged once a kind, and the work begins again after a
/// moment. Thrown on, it would end the whole replica.
/// </summary>
public static partial class SteadyWork
{
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    /// <summary>Until the work ends by itself or is stopped.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> workAsync, ILogger log, CancellationToken stopping)
    {
        HashSet<Type> told = [];
        for (var wait = ShortestWait; !stopping.IsCancellationRequested; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                await workAsync(stopping);
                return;
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Whatever the end is dressed in by who met it.
                return;
            }
            catch (Exception fault)
            {
                if (told.Add(fault.GetType())) LogUnknown(log, fault);
            }

            if (Stopwatch.GetElapsedTime(began) > LongestWait) wait = ShortestWait;
            await Task.Delay(wait, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(9400, LogLevel.Critical, "Background work met what it was not made for; it begins again, and this kind is not told again")]
    private static partial void LogUnknown(ILogger log, Exception fault);
}
