using Microsoft.Extensions.Options;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>How many turns this replica works on at once; nothing is leased without a free slot, so memory stays bounded.</summary>
public sealed class TurnSlots(IOptions<QueueOptions> options)
{
    private readonly int _all = options.Value.TurnsAtOnce;
    private int _free = options.Value.TurnsAtOnce;
    private int _closed;
    private int _missed;
    private long _suspect;

    /// <summary>A slot is free again that somebody had asked for in vain, or the suspect's; work may be waiting for it.</summary>
    public event Action? Freed;

    /// <summary>A text that its next crash sets aside is being worked on; no other such text may be, or the crash would not tell which one it was.</summary>
    public bool IsSuspectRunning => Volatile.Read(ref _suspect) != 0;

    public int Busy => _all - Volatile.Read(ref _free);

    public bool AreClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Takes all of them or none.</summary>
    public bool TryTake(int count)
    {
        if (Volatile.Read(ref _closed) != 0)
            return false;
        if (Interlocked.Add(ref _free, -count) >= 0)
            return true;
        Interlocked.Add(ref _free, count);
        Volatile.Write(ref _missed, 1);
        return false;
    }

    /// <summary>Takes as many as are free, up to so many.</summary>
    public int TakeUpTo(int count)
    {
        while (Volatile.Read(ref _closed) == 0)
        {
            var free = Volatile.Read(ref _free);
            var taken = Math.Min(free, count);
            if (taken <= 0)
            {
                Volatile.Write(ref _missed, 1);
                return 0;
            }

            if (Interlocked.CompareExchange(ref _free, free - taken, free) == free)
                return taken;
        }

        return 0;
    }

    public void Give(int count)
    {
        Interlocked.Add(ref _free, count);
        if (count > 0 && Volatile.Read(ref _missed) != 0 && Interlocked.Exchange(ref _missed, 0) != 0)
            Freed?.Invoke();
    }

    public void Begin(Turn turn)
    {
        if (turn.Crashes == options.Value.CrashesOfSuspect)
            Volatile.Write(ref _suspect, turn.ItemId);
    }

    public void End(Turn turn)
    {
        if (Interlocked.CompareExchange(ref _suspect, 0, turn.ItemId) == turn.ItemId)
            Freed?.Invoke();
    }

    /// <summary>Shutting down: no lease is taken any more.</summary>
    public void Close() => Volatile.Write(ref _closed, 1);
}
