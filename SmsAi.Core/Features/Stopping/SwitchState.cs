namespace SmsAi.Core.Features.Stopping;

/// <summary>One switch as its row says.</summary>
/// <param name="IsStopped">False again once its time is over.</param>
public sealed record Switch(string Name, bool IsStopped, DateTimeOffset? Until, string Reason, string By, DateTimeOffset At, long Ver, string? AutoAnswer)
{
    public const string Kill = "kill";
    public const string Pause = "pause";
    public const string Ai = "ai";
}

/// <summary>All three switches, read together. A row that is missing or can't be read counts as stopped.</summary>
public sealed record SwitchState(Switch Kill, Switch Pause, Switch Ai)
{
    public long Ver => Math.Max(Kill.Ver, Math.Max(Pause.Ver, Ai.Ver));

    /// <summary>Nothing leaves.</summary>
    public bool IsKilled => Kill.IsStopped;

    public bool IsPaused => !IsKilled && Pause.IsStopped;

    /// <summary>The switch that forbids model calls, if any.</summary>
    public string? ModelClosedBy => IsKilled ? Switch.Kill : Pause.IsStopped ? Switch.Pause : Ai.IsStopped ? Switch.Ai : null;

    /// <summary>From the rows there are.</summary>
    public static SwitchState Of(IReadOnlyList<Switch> rows)
    {
        Switch Find(string name) => rows.FirstOrDefault(row => row.Name == name)
            ?? new Switch(name, true, null, "The switch can't be read, so nothing is sent.", "", DateTimeOffset.UnixEpoch, 0, null);
        return new SwitchState(Find(Switch.Kill), Find(Switch.Pause), Find(Switch.Ai));
    }
}
