using System.Diagnostics;
using System.Globalization;
using SmsAi.Bench.Loopback;

namespace SmsAi.Bench.Road;

/// <summary>People who text at once: each once a round, and all wait for their answers.</summary>
public sealed class Crowd(LoopbackCarrier carrier, long firstNumber)
{
    private long[] _texted = [];
    private TimeSpan[] _webhooks = [];
    private TimeSpan[] _answers = [];
    private int _answered;
    private int _refused;
    private TaskCompletionSource _done = new();

    public IEnumerable<TimeSpan> Webhooks => _webhooks;

    public IEnumerable<TimeSpan> Answers => _answers;

    public int Refused => _refused;

    /// <summary>So many people text, so many webhooks at a time; returns how long it took until the last had her answer.</summary>
    public async Task<TimeSpan> TextAsync(int people, int senders, string words, CancellationToken cancel)
    {
        (_texted, _webhooks, _answers) = (new long[people], new TimeSpan[people], new TimeSpan[people]);
        (_answered, _refused, _done) = (0, 0, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var began = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SendAsync()));
        await _done.Task.WaitAsync(TimeSpan.FromMinutes(2), cancel);
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
        if (index < 0 || index >= _answers.Length)
            return;
        _answers[index] = Stopwatch.GetElapsedTime(_texted[index]);
        if (Interlocked.Increment(ref _answered) == _answers.Length)
            _done.TrySetResult();
    }

    private async Task TextAsync(int index, string words, CancellationToken cancel)
    {
        var from = string.Create(CultureInfo.InvariantCulture, $"+{firstNumber + index}");
        _texted[index] = Stopwatch.GetTimestamp();
        var outcome = await carrier.TextAsync(from, string.Create(CultureInfo.InvariantCulture, $"{words} Where is my parcel {index}, please?"), cancel);
        _webhooks[index] = Stopwatch.GetElapsedTime(_texted[index]);
        if (outcome.IsTaken)
            return;
        // Nobody will answer it; the round must end all the same.
        Interlocked.Increment(ref _refused);
        if (Interlocked.Increment(ref _answered) == _answers.Length)
            _done.TrySetResult();
    }
}
