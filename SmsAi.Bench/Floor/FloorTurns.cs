using System.Collections.Concurrent;

namespace SmsAi.Bench.Floor;

/// <summary>The texts of the floor that are being answered: as many at once as the product works on.</summary>
internal sealed class FloorTurns(FloorWriter writer) : IDisposable
{
    private const int AtOnce = 512;

    private readonly SemaphoreSlim _slots = new(AtOnce);
    private readonly ConcurrentBag<Task> _under = [];

    /// <summary>Completes when the text is stored; its answer follows.</summary>
    public async Task TakeAsync(long number, string sid, string words)
    {
        await _slots.WaitAsync();
        _under.Add(AnswerAsync(await writer.TakeInAsync(number, sid, words)));
    }

    /// <summary>Completes when every answer was sent and stored; throws what kept one from it.</summary>
    public async Task AnsweredAsync()
    {
        while (_under.TryTake(out var answering))
            await answering;
    }

    public void Dispose() => _slots.Dispose();

    private async Task AnswerAsync(FloorText text)
    {
        try
        {
            await writer.AnswerAsync(text);
        }
        finally
        {
            _slots.Release();
        }
    }
}
