namespace SmsAi.Core.Platform.Redis;

/// <summary>Remembers whether Redis is worth asking: some failures in a row close it off, one success lets everyone in again.</summary>
internal sealed class RedisBreaker(int failuresToOpen)
{
    readonly int _failuresToOpen = failuresToOpen;
    int _failures = int.MaxValue; // Closed off until the first answer.

    public bool IsOpen => Volatile.Read(ref _failures) >= _failuresToOpen;

    /// <returns>True when this success ended an outage.</returns>
    public bool Succeeded() => Volatile.Read(ref _failures) != 0 && Interlocked.Exchange(ref _failures, 0) >= _failuresToOpen;

    /// <returns>True when this failure began an outage.</returns>
    public bool Failed() => !IsOpen && Interlocked.Increment(ref _failures) == _failuresToOpen;
}
