using System.Collections.Concurrent;
using System.Diagnostics;

namespace SmsAi.Bench.Live;

/// <summary>
/// From when a text was due until a dashboard showed a number that counts it. Texts are counted in the order of their webhooks; where two overtook
/// each other on the way, their times are exchanged, and none is lost.
/// </summary>
internal sealed class ShownNumbers(int texts)
{
    private readonly long[] _due = new long[texts];
    private readonly ConcurrentBag<List<TimeSpan>> _times = [];
    private int _sent;

    public IEnumerable<TimeSpan> Times => _times.SelectMany(times => times);

    public void Sent(int index, long dueAt)
    {
        _due[index] = dueAt;
        Volatile.Write(ref _sent, index + 1);
    }

    /// <summary>What one dashboard shows; it is told of each number by one caller at a time.</summary>
    public Screen NewScreen()
    {
        var times = new List<TimeSpan>(texts);
        _times.Add(times);
        return new Screen(this, times);
    }

    /// <summary>One dashboard.</summary>
    public sealed class Screen(ShownNumbers all, List<TimeSpan> times)
    {
        /// <summary>How many texts it has counted so far.</summary>
        public int Counted => times.Count;

        /// <summary>It shows that so many texts were counted.</summary>
        public void Shows(long counted, long at)
        {
            for (var index = times.Count; index < Math.Min(counted, Volatile.Read(ref all._sent)); index++)
                times.Add(Stopwatch.GetElapsedTime(all._due[index], at));
        }
    }
}
