using System.Diagnostics;
using SmsAi.Bench.Live;
using SmsAi.Bench.Product;

namespace SmsAi.Bench.Lists;

/// <summary>Stops all by the button's form, again and again, and notes when each open screen says so; the end of each stop is by hand.</summary>
internal sealed class StopDrill(OperatorSession session, Stage stage, int screens)
{
    private readonly long[] _saidAt = new long[screens];
    private volatile TaskCompletionSource _all = new();
    private int _missing;

    /// <summary>From the press until the screen of whoever pressed says it, and until each screen does.</summary>
    public List<TimeSpan> Own { get; } = [];

    public List<TimeSpan> Everywhere { get; } = [];

    /// <summary>To be given each rendering of a screen.</summary>
    public void Hear(int screen, ReadOnlySpan<byte> batch, long at)
    {
        if (batch.IndexOf("Stopped"u8) >= 0 && Interlocked.CompareExchange(ref _saidAt[screen], at, 0) == 0 && Interlocked.Decrement(ref _missing) == 0)
            _all.TrySetResult();
    }

    public async Task RunAsync(int times, CancellationToken cancel)
    {
        var form = await session.FieldsAsync("/", cancel);
        for (var time = 0; time < times; time++)
        {
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _missing, screens);
            Array.Clear(_saidAt);
            var pressedAt = Stopwatch.GetTimestamp();
            await session.PostAsync("/stop-all", form, cancel);
            await _all.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);
            Own.Add(Stopwatch.GetElapsedTime(pressedAt, _saidAt[time % screens]));
            Everywhere.AddRange(_saidAt.Select(at => Stopwatch.GetElapsedTime(pressedAt, at)));
            await stage.StopAllAsync(stopped: false, cancel);
            await stage.UntilAsync("select not exists (select from queue where state = 'held')", cancel);
            await Task.Delay(TimeSpan.FromSeconds(1), cancel); // every screen shows the end of it
        }
    }
}
