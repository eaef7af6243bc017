namespace SmsAi.Core.Platform.Memory;

/// <summary>Tells from how much the program has allocated, look by look, when it is quiet after a busy time.</summary>
internal sealed class QuietTimes
{
    /// <summary>Bytes between two looks, of what runs by itself: timers, polls, a screen that is open.</summary>
    public const long Quiet = 5 << 20;

    /// <summary>Bytes since the last time, below which there is little to give back.</summary>
    public const long Busy = 32 << 20;

    private long _atLook;
    private long _atLast;

    /// <param name="allocated">Bytes since the program's start.</param>
    public bool IsWorthIt(long allocated)
    {
        var isQuiet = allocated - _atLook < Quiet;
        _atLook = allocated;
        if (!isQuiet || allocated - _atLast < Busy)
            return false;
        _atLast = allocated;
        return true;
    }
}
