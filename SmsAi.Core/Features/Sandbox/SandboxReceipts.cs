using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>
/// Plays the way of a text to its handset: sent, then delivered or not, each step kept and reported by a signed callback.
/// A restart goes on where the kept status says.
/// </summary>
public sealed partial class SandboxReceipts(
    SandboxMessages messages, SandboxState state, SandboxWebhooks webhooks, IOptions<SandboxOptions> settings,
    IOptions<TwilioOptions> twilio, ILogger<SandboxReceipts> logger) : BackgroundService
{
    private const int AtOnce = 256;

    private readonly Channel<SandboxMessage> _waiting = Channel.CreateUnbounded<SandboxMessage>();
    private readonly ConcurrentDictionary<string, bool> _underway = new();
    private readonly TimeSpan _step = TimeSpan.FromMilliseconds(settings.Value.ReceiptMilliseconds);

    /// <summary>Begins a text's way. One that was just kept may be found by the resume as well, and still goes once.</summary>
    internal void Play(SandboxMessage message)
    {
        if (_underway.TryAdd(message.Sid, true))
            _waiting.Writer.TryWrite(message);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        if (!twilio.Value.IsSandbox)
            return;
        await webhooks.WaitUntilListeningAsync(stoppingToken);
        await ResumeAsync(stoppingToken);
        await Parallel.ForEachAsync(
            _waiting.Reader.ReadAllAsync(stoppingToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
            async (message, cancel) => await PlaySafelyAsync(message, cancel));
    }

    private async Task ResumeAsync(CancellationToken cancel)
    {
        try
        {
            while (await messages.DropOldAsync(cancel) > 0) { }
            foreach (var unfinished in await messages.UnfinishedAsync(cancel))
                Play(unfinished);
        }
        catch (NpgsqlException fault)
        {
            LogFault(logger, fault.GetType().Name);
        }
    }

    private async Task PlaySafelyAsync(SandboxMessage message, CancellationToken cancel)
    {
        try
        {
            await PlayAsync(message, cancel);
        }
        // Thrown on it would end the others that are being played.
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            LogFault(logger, fault.GetType().Name);
        }
        finally
        {
            _underway.TryRemove(message.Sid, out _);
        }
    }

    private async Task PlayAsync(SandboxMessage message, CancellationToken cancel)
    {
        var current = await state.CurrentAsync(cancel);
        var (last, error) = End(message.To, current);
        var doubled = current.Has(SandboxFault.ReceiptsDoubled, message.To);
        if (message.Status == "queued")
        {
            await Task.Delay(_step, cancel);
            await messages.SetStatusAsync(message.Sid, "sent", null, cancel);
            // Out of order, its report follows the last one.
            if (!current.Has(SandboxFault.ReceiptsReversed, message.To))
                await ReportAsync(message, "sent", null, doubled, cancel);
        }
        await Task.Delay(_step, cancel);
        await messages.SetStatusAsync(message.Sid, last, error, cancel);
        if (!current.Has(SandboxFault.ReceiptsLost, message.To))
            await ReportAsync(message, last, error, doubled, cancel);
        if (current.Has(SandboxFault.ReceiptsReversed, message.To))
            await ReportAsync(message, "sent", null, doubled, cancel);
    }

    private static (string Status, int? Error) End(string to, SandboxState.Snapshot current) => to switch
    {
        SandboxHandsets.Landline => ("undelivered", 30006),
        SandboxHandsets.SwitchedOff => ("undelivered", 30003),
        _ when current.Has(SandboxFault.Undeliverable, to) => ("undelivered", 30006),
        _ => ("delivered", null),
    };

    private async Task ReportAsync(SandboxMessage message, string status, int? error, bool doubled, CancellationToken cancel)
    {
        if (message.StatusCallback is not { } callback)
            return;
        for (var i = 0; i < (doubled ? 2 : 1); i++)
            await webhooks.ReportAsync(callback, message, status, error, cancel);
    }

    [LoggerMessage(2701, LogLevel.Warning, "A text of the sandbox lost its way ({Fault}); a restart resumes it")]
    private static partial void LogFault(ILogger logger, string fault);
}
