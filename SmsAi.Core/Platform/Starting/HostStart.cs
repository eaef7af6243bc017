using Microsoft.Extensions.Hosting;

namespace SmsAi.Core.Platform.Starting;

/// <summary>For background work that calls this very program by HTTP: it can only succeed once the server listens.</summary>
public static class HostStart
{
    /// <summary>Completes when every service has started, the server among them.</summary>
    public static async Task WaitUntilStartedAsync(this IHostApplicationLifetime lifetime, CancellationToken cancel)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancel);
    }
}
