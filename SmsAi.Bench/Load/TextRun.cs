using System.Diagnostics;
using System.Globalization;
using SmsAi.Bench.Loopback;

namespace SmsAi.Bench.Load;

/// <summary>Some texts of one run: when each was due, when its webhook was answered, and when the carrier was given its answer.</summary>
public sealed class TextRun(int number, int count)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly long[] _due = new long[count];
    private readonly long[] _taken = new long[count];
    private readonly long[] _answered = new long[count];
    private readonly int[] _ended = new int[count];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;
    private int _refused;
    private int _twice;

    public int Count => _due.Length;

    /// <summary>Until the webhook was answered, of those that were taken.</summary>
    public IEnumerable<TimeSpan> Webhooks => Times(_taken);

    /// <summary>Until the carrier was given the answer.</summary>
    public IEnumerable<TimeSpan> Answers => Times(_answered);

    /// <summary>Webhooks that were not answered with success.</summary>
    public int Refused => _refused;

    /// <summary>Texts that were taken and got no answer.</summary>
    public int Unanswered => Volatile.Read(ref _left);

    /// <summary>Answers that came a second time.</summary>
    public int Twice => _twice;

    /// <summary>The words of a text, by which its answer is known again.</summary>
    public string Words(int index) => string.Create(CultureInfo.InvariantCulture, $"Round {number}. Where is my parcel {index}, please?");

    /// <summary>Brings a text that was due at this moment, which may have passed.</summary>
    public async Task BringAsync(LoopbackCarrier carrier, string from, int index, long dueAt, CancellationToken cancel)
    {
        _due[index] = dueAt;
        var outcome = await carrier.TextAsync(from, Words(index), cancel);
        if (outcome.IsTaken)
        {
            _taken[index] = Stopwatch.GetTimestamp();
            return;
        }

        // Nobody will answer it; the run must end all the same.
        Interlocked.Increment(ref _refused);
        End(index);
    }

    /// <summary>The carrier was given a text to send; it may be an answer to one of these.</summary>
    public void Hear(LoopbackSend send)
    {
        if (Number(send.Body, "Round ") == number && Number(send.Body, "parcel ") is { } index && index < Count)
        {
            if (Interlocked.CompareExchange(ref _answered[index], Stopwatch.GetTimestamp(), 0) != 0)
                Interlocked.Increment(ref _twice);
            End(index);
        }
    }

    /// <summary>Until the last has its answer, or for two minutes.</summary>
    public async Task AnsweredAsync(CancellationToken cancel)
    {
        try
        {
            await _done.Task.WaitAsync(Patience, cancel);
        }
        catch (TimeoutException)
        {
            // The report says how many are missing.
        }
    }

    private void End(int index)
    {
        // A webhook that was refused too late may be answered all the same.
        if (Interlocked.Exchange(ref _ended[index], 1) == 0 && Interlocked.Decrement(ref _left) == 0)
            _done.TrySetResult();
    }

    private IEnumerable<TimeSpan> Times(long[] ends) =>
        Enumerable.Range(0, Count).Where(index => _taken[index] != 0 && ends[index] != 0).Select(index => Stopwatch.GetElapsedTime(_due[index], ends[index]));

    private static int? Number(string text, string after)
    {
        var start = text.IndexOf(after, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var digits = text.AsSpan(start + after.Length);
        var length = 0;
        while (length < digits.Length && char.IsAsciiDigit(digits[length]))
            length++;
        return int.TryParse(digits[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
