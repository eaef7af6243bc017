using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Platform.Memory;

/// <summary>
/// Gives memory back once nothing happens any more. After a busy time the collected heap is half garbage, and the runtime looks at that only when
/// it needs more. A full collection stops the program for some tens of milliseconds; nobody waits just then.
/// </summary>
public sealed class IdleMemory(TimeProvider time, ILogger<IdleMemory> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        var quiet = new QuietTimes();
        while (true)
        {
            await Task.Delay(Every, time, stoppingToken);
            if (quiet.IsWorthIt(GC.GetTotalAllocatedBytes()))
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
