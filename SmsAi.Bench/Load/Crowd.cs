using System.Diagnostics;
using System.Globalization;
using SmsAi.Bench.Loopback;
using SmsAi.Bench.Product;

namespace SmsAi.Bench.Load;

/// <summary>People who text: in turn, as fast as their webhooks are answered, or on a schedule that waits for nobody.</summary>
/// <param name="carrier">By whom they text, where it isn't the stage's.</param>
public sealed class Crowd(Stage stage, long firstNumber, int people, LoopbackCarrier? carrier = null)
{
    private readonly LoopbackCarrier _carrier = carrier ?? stage.Carrier;

    private static int _runs;

    /// <summary>So many texts, so many webhooks at a time, each sent as soon as another was answered; ends with the last webhook.</summary>
    public async Task<TextRun> TextAsync(int texts, int senders, CancellationToken cancel)
    {
        var run = Begin(texts);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SendAsync()));
        return run;

        async Task SendAsync()
        {
            await Task.Yield();
            for (var index = Interlocked.Increment(ref next); index < texts; index = Interlocked.Increment(ref next))
                await run.BringAsync(_carrier, From(index), index, Stopwatch.GetTimestamp(), cancel);
        }
    }

    /// <summary>
    /// So many texts a second, however long their answers take; ends with the last webhook. Times count from the moment a text was due, so that
    /// a service that stands still is not spared what would have come meanwhile.
    /// </summary>
    public async Task<TextRun> TextOnScheduleAsync(int texts, double perSecond, Action<int, long>? sent, CancellationToken cancel)
    {
        var run = Begin(texts);
        var schedule = new Schedule(perSecond, Stopwatch.GetTimestamp(), Stopwatch.Frequency);
        var under = new List<Task>(texts);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var index = 0; index < texts; await tick.WaitForNextTickAsync(cancel))
        {
            for (var upTo = Math.Min(texts, schedule.DueUntil(Stopwatch.GetTimestamp())); index < upTo; index++)
            {
                sent?.Invoke(index, schedule.DueAt(index));
                under.Add(run.BringAsync(_carrier, From(index), index, schedule.DueAt(index), cancel));
            }
        }

        await Task.WhenAll(under);
        return run;
    }

    private TextRun Begin(int texts)
    {
        var run = new TextRun(Interlocked.Increment(ref _runs), texts);
        stage.Answered += run.Hear;
        return run;
    }

    private string From(int index) => string.Create(CultureInfo.InvariantCulture, $"+{firstNumber + index % people}");
}
