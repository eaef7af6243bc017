namespace SmsAi.Core.Pipeline.Limits;

/// <summary>What holds for one person: answers per minute, hour and day, and whether machines are looked out for. 0 is off.</summary>
internal readonly record struct LimitRules(int Minute, int Hour, int Day, bool LooksForLoops, int SameText)
{
    public bool AreOff => Minute == 0 && Hour == 0 && Day == 0 && !LooksForLoops;

    /// <summary>The part of the limits that one of several replicas may give when they can't count together.</summary>
    public LimitRules Share(int replicas) =>
        replicas <= 1 ? this : this with { Minute = Part(Minute, replicas), Hour = Part(Hour, replicas), Day = Part(Day, replicas) };

    /// <summary>The stricter of two limits, of which 0 is none.</summary>
    public static int Least(int one, int other) => one == 0 ? other : other == 0 ? one : Math.Min(one, other);

    private static int Part(int limit, int replicas) => limit == 0 ? 0 : Math.Max(1, limit / replicas);
}

/// <summary>One text about to be answered, as the counters see it.</summary>
/// <param name="TextHash">Keyed hash of the text in the form in which two texts count as the same; empty when it has no words.</param>
internal readonly record struct LimitQuestion(byte[] Person, long InboundId, string TextHash, DateTimeOffset Arrived, DateTimeOffset Now)
{
    public long NowMs => Now.ToUnixTimeMilliseconds();

    public long ArrivedMs => Arrived.ToUnixTimeMilliseconds();

    /// <summary>Days since 1970: limits of a day count in UTC.</summary>
    public long Day => NowMs / 86_400_000;
}

/// <summary>What the counters say; the numbers are part of the script.</summary>
internal enum LimitVerdict
{
    Pass = 0,
    Minute = 1,
    Hour = 2,
    Day = 3,
    SameText = 4,
    Echo = 5,
    TooQuick = 6,
}

/// <summary>The counters' answer: which limit is reached, for how long, and whether its person is to be told.</summary>
internal readonly record struct LimitAnswer(LimitVerdict Verdict, TimeSpan Wait, bool Tell)
{
    public bool IsLoop => Verdict >= LimitVerdict.SameText;
}
