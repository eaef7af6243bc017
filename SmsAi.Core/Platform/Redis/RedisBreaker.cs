namespace SmsAi.Core.Platform.Redis;

/// <summary>Remembers whether Redis is worth asking: some failures in a row close it off, one success lets everyone in again.</summary>
internal sealed class RedisBreaker(int failuresToOpen)
{
    readonly int failuresToOpen = failuresToOpen;
    int failures = int.MaxValue; // Closed off until the first answer.

    public bool IsOpen => Volatile.Read(ref failures) >= failuresToOpen;

    /// <returns>True when this success ended an outage.</returns>
    public bool Succeeded() => Volatile.Read(ref failures) != 0 && Interlocked.Exchange(ref failures, 0) >= failuresToOpen;

    /// <returns>True when this failure began an outage.</returns>
    public bool Failed() => !IsOpen && Interlocked.Increment(ref failures) == failuresToOpen;
}
