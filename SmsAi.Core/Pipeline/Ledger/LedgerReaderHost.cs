using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Runs every registered reader side by side: none waits for another, and none stops another by failing.</summary>
public sealed class LedgerReaderHost(Databases databases, IEnumerable<ILedgerReader> readers, LiveFeed live, ILogger<LedgerReaderHost> logger)
    : BackgroundService
{
    private readonly LedgerReaderLoop[] _loops = LoopsOf(readers, databases, new LedgerWindow(), logger);

    public override void Dispose()
    {
        foreach (var loop in _loops)
            loop.Dispose();
        base.Dispose();
    }

    /// <summary>Stopped, batches in hand roll back and are read again after the start.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [SteadyWork.RunAsync(WakeAsync, logger, stoppingToken), .. _loops.Select(loop => SteadyWork.RunAsync(loop.RunAsync, logger, stoppingToken))]);

    private static LedgerReaderLoop[] LoopsOf(IEnumerable<ILedgerReader> readers, Databases databases, LedgerWindow window, ILogger logger) =>
        [.. readers.Select(reader => new LedgerReaderLoop(databases.Readers, reader, window, logger))];

    // News only hurry the readers: what they say may be lost, and each looks by itself once a second.
    private async Task WakeAsync(CancellationToken stopping)
    {
        await foreach (var _ in live.ReadAsync([LiveTopics.Messages, LiveTopics.Queue], stopping))
        {
            foreach (var loop in _loops)
                loop.Wake();
        }
    }
}
