namespace SmsAi.Web.Platform.Shell;

/// <summary>What the service does right now.</summary>
public enum ServiceCondition
{
    Live, Paused, Stopped,
}

/// <summary>One minute's check that the service can be stopped: in time, late, or not proved.</summary>
public enum Heartbeat
{
    InTime, Late, Missed,
}

/// <summary>Everything the rail says; one instance per replica, renewed as a whole.</summary>
public sealed record RailModel
{
    public ServiceCondition Condition { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>When a pause ends by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The flip that paused or stopped; leads to its receipt.</summary>
    public long Ver { get; init; }

    /// <summary>Who paused or stopped.</summary>
    public string By { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>The one-time text people get who write during a pause.</summary>
    public string? AutoAnswer { get; init; }

    public int Held { get; init; }

    public int SentSince { get; init; }

    /// <summary>Replicas that saw the switch, of those that are alive.</summary>
    public int Confirmed { get; init; }

    public int Replicas { get; init; }

    /// <summary>Since when the model is off, while texts and operators' sends go on.</summary>
    public DateTimeOffset? AiOffSince { get; init; }

    /// <summary>What is away, each as a short sentence such as "Redis is away".</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];

    /// <summary>The last checks that a stop would work, oldest first.</summary>
    public IReadOnlyList<Heartbeat> Beats { get; init; } = [];

    /// <summary>When the replica that was checked longest ago proved that it can be stopped.</summary>
    public DateTimeOffset? StopVerifiedAt { get; init; }

    /// <summary>Why it is not proved now that the service can be stopped, as "app-2 let a canary through".</summary>
    public string? StopFault { get; init; }

    public string Environment { get; init; } = "";

    /// <summary>What is played by the sandbox; null when everything is real.</summary>
    public SandboxParts? Sandbox { get; init; }

    public bool IsTroubled => AiOffSince is not null || Troubles.Count > 0;

    /// <summary>Sends wait for a person: buttons that send are off and say why.</summary>
    public string? WhyNoSends => Condition switch
    {
        ServiceCondition.Stopped => "Off while the service is stopped",
        ServiceCondition.Paused => "Held until the pause ends",
        _ => null,
    };
}
