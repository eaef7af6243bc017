namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>How this replica works the queue. Every default is safe; load tests and fault tests shorten the times.</summary>
public sealed class QueueOptions
{
    public const string Section = "Queue";

    /// <summary>Conversations worked on at once by this replica. More helps only while the model is slow and the machine is not.</summary>
    public int TurnsAtOnce { get; set; } = 512;

    /// <summary>Texts handed to the carrier at once by this replica.</summary>
    public int SendsAtOnce { get; set; } = 128;

    /// <summary>How long a lease holds without renewal; a dead replica's work is taken over after it.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often due work is looked for when no news came.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries of one answer in all, the first included.</summary>
    public int Tries { get; set; } = 3;

    /// <summary>The wait after the first failed try; it doubles with each further one, with a fifth of jitter, up to ten minutes.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Crashes after which a text is set aside as a dead letter.</summary>
    public int Crashes { get; set; } = 3;

    /// <summary>A text that crashed so often runs alone among its like, so that the next crash tells which of them causes it. None without a crash to spare.</summary>
    internal int CrashesOfSuspect => Crashes > 1 ? Crashes - 1 : -1;

    /// <summary>
    /// How long after an uncertain send the carrier's list is trusted to show it: the carrier's time-out and five seconds more. Half of it is also
    /// a send's last moment: one that could not begin to leave by then asks the gate again.
    /// </summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an uncertain send may stay unresolved before a person must decide.</summary>
    public TimeSpan UncertainAtMost { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What is wrong with the settings, in words for the person who made them.</summary>
    public IEnumerable<string> Faults()
    {
        if (TurnsAtOnce is < 1 or > 10_000)
            yield return $"{Section}:TurnsAtOnce is {TurnsAtOnce}; set it between 1 and 10000.";
        if (SendsAtOnce is < 1 or > 10_000)
            yield return $"{Section}:SendsAtOnce is {SendsAtOnce}; set it between 1 and 10000.";
        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeSpan.FromMinutes(5))
            yield return $"{Section}:Lease is {Lease}; set it between 00:00:01 and 00:05:00.";
        if (Tries is < 1 or > 10)
            yield return $"{Section}:Tries is {Tries}; set it between 1 and 10.";
        if (Crashes is < 1 or > 10)
            yield return $"{Section}:Crashes is {Crashes}; set it between 1 and 10.";
        if (Poll < TimeSpan.FromMilliseconds(50) || Poll > TimeSpan.FromSeconds(30))
            yield return $"{Section}:Poll is {Poll}; set it between 00:00:00.050 and 00:00:30.";
        if (RetryDelay < TimeSpan.Zero || RetryDelay > TimeSpan.FromMinutes(10))
            yield return $"{Section}:RetryDelay is {RetryDelay}; set it between 00:00:00 and 00:10:00.";
        // Too short, and no send would ever be in time to leave.
        if (Settle < TimeSpan.FromMilliseconds(200) || Settle > TimeSpan.FromMinutes(10))
            yield return $"{Section}:Settle is {Settle}; set it between 00:00:00.200 and 00:10:00.";
        if (UncertainAtMost < Settle || UncertainAtMost > TimeSpan.FromDays(1))
            yield return $"{Section}:UncertainAtMost is {UncertainAtMost}; set it between {Section}:Settle ({Settle}) and 1.00:00:00.";
    }
}
