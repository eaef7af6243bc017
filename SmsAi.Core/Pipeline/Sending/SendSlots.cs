using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>
/// How many texts are with the carrier's HTTP interface at once. Broadcasts may use half of them at most, and one is always theirs.
/// </summary>
public sealed class SendSlots : IDisposable
{
    private readonly SemaphoreSlim _all;
    private readonly SemaphoreSlim _others;
    private readonly SemaphoreSlim _broadcasts;

    public SendSlots(IOptions<QueueOptions> options)
    {
        var slots = options.Value.SendsAtOnce;
        _all = new SemaphoreSlim(slots);
        _others = new SemaphoreSlim(Math.Max(1, slots - 1));
        _broadcasts = new SemaphoreSlim(Math.Max(1, slots / 2));
    }

    /// <summary>A slot if one is free now; dispose it after the call.</summary>
    public IDisposable? TryTake(short queueClass)
    {
        var own = OwnOf(queueClass);
        if (!own.Wait(0))
            return null;
        if (_all.Wait(0))
            return new Slot(own, _all);
        own.Release();
        return null;
    }

    public async Task<IDisposable> TakeAsync(short queueClass, CancellationToken cancel)
    {
        var own = OwnOf(queueClass);
        await own.WaitAsync(cancel);
        try
        {
            await _all.WaitAsync(cancel);
        }
        catch
        {
            own.Release();
            throw;
        }

        return new Slot(own, _all);
    }

    public void Dispose()
    {
        _all.Dispose();
        _others.Dispose();
        _broadcasts.Dispose();
    }

    private SemaphoreSlim OwnOf(short queueClass) => queueClass == QueueClass.Broadcasts ? _broadcasts : _others;

    private sealed class Slot(SemaphoreSlim own, SemaphoreSlim all) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            own.Release();
        }
    }
}
