namespace SmsAi.Tests.Platform.Faults.Points;

/// <summary>What happens to the program when it reaches a fault point.</summary>
public enum FaultAction
{
    /// <summary>It ends at once, as after <see cref="Environment.FailFast(string)"/>.</summary>
    Abort,

    /// <summary>The step throws.</summary>
    Throw,

    /// <summary>The step takes longer.</summary>
    Delay,

    /// <summary>It freezes itself; somebody outside must thaw it.</summary>
    Freeze,
}

/// <summary>The places of the road where a fault can be caused, without a line of product code.</summary>
public static class FaultPoints
{
    public const string BeforeIntakeCommit = "after_inbound_insert";
    public const string AfterIntakeCommit = "after_inbound_commit";
    public const string BeforeModel = "before_ai";
    public const string AfterModel = "after_ai";

    /// <summary>The transaction that stores the answer and opens the gate.</summary>
    public const string AfterGateCommit = "after_gate_commit";

    public const string BeforeCarrier = "before_twilio_write";
    public const string AfterCarrier = "after_twilio_response";
    public const string BeforeSentCommit = "before_sent_commit";
    public const string AfterSentCommit = "after_sent_commit";
}

/// <summary>A fault that is armed at a point.</summary>
public sealed record FaultPlan(string Point, FaultAction Action)
{
    /// <summary>Only texts that hold this; the points around a commit know no text.</summary>
    public string Match { get; init; } = "";

    /// <summary>So many wait at the point, and it happens to all of them at once. Around a commit nobody waits: it happens at that one.</summary>
    public int Gather { get; init; } = 1;

    /// <summary>How long a delay is; before any other action, how long the point is held.</summary>
    public TimeSpan Time { get; init; }

    public double Probability { get; init; } = 1;

    public int Seed { get; init; }
}
