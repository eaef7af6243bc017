using System.Diagnostics;
using System.Globalization;
using SmsAi.Bench.Loopback;

namespace SmsAi.Bench.Road;

/// <summary>People who text at once: each once a round, and all wait for their answers.</summary>
public sealed class Crowd(LoopbackCarrier carrier, long firstNumber)
{
    private long[] texted = [];
    private TimeSpan[] webhooks = [];
    private TimeSpan[] answers = [];
    private int answered;
    private int refused;
    private TaskCompletionSource done = new();

    public IEnumerable<TimeSpan> Webhooks => webhooks;

    public IEnumerable<TimeSpan> Answers => answers;

    public int Refused => refused;

    /// <summary>So many people text, so many webhooks at a time; returns how long it took until the last had her answer.</summary>
    public async Task<TimeSpan> TextAsync(int people, int senders, string words, CancellationToken cancel)
    {
        (texted, webhooks, answers) = (new long[people], new TimeSpan[people], new TimeSpan[people]);
        (answered, refused, done) = (0, 0, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var began = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SendAsync()));
        await done.Task.WaitAsync(TimeSpan.FromMinutes(2), cancel);
        return Stopwatch.GetElapsedTime(began);

        async Task SendAsync()
        {
            await Task.Yield();
            for (var index = Interlocked.Increment(ref next); index < people; index = Interlocked.Increment(ref next))
                await TextAsync(index, words, cancel);
        }
    }

    /// <summary>The carrier was given an answer for one of us.</summary>
    public void Hear(LoopbackSend send)
    {
        if (!long.TryParse(send.To.AsSpan(1), CultureInfo.InvariantCulture, out var number))
            return;
        var index = number - firstNumber;
        if (index < 0 || index >= answers.Length)
            return;
        answers[index] = Stopwatch.GetElapsedTime(texted[index]);
        if (Interlocked.Increment(ref answered) == answers.Length)
            done.TrySetResult();
    }

    private async Task TextAsync(int index, string words, CancellationToken cancel)
    {
        var from = string.Create(CultureInfo.InvariantCulture, $"+{firstNumber + index}");
        texted[index] = Stopwatch.GetTimestamp();
        var outcome = await carrier.TextAsync(from, string.Create(CultureInfo.InvariantCulture, $"{words} Where is my parcel {index}, please?"), cancel);
        webhooks[index] = Stopwatch.GetElapsedTime(texted[index]);
        if (outcome.IsTaken)
            return;
        // Nobody will answer it; the round must end all the same.
        Interlocked.Increment(ref refused);
        if (Interlocked.Increment(ref answered) == answers.Length)
            done.TrySetResult();
    }
}
