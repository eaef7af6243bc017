namespace SmsAi.Bench.Load;

/// <summary>When each of many texts is due: evenly, from a beginning, in ticks of a clock.</summary>
public readonly record struct Schedule(double PerSecond, long Begin, long TicksPerSecond)
{
    public long DueAt(int index) => Begin + (long)(index / PerSecond * TicksPerSecond);

    /// <summary>How many are due by this moment.</summary>
    public int DueUntil(long now) => now < Begin ? 0 : (int)((now - Begin) * PerSecond / TicksPerSecond) + 1;
}
