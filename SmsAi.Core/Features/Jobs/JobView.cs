namespace SmsAi.Core.Features.Jobs;

/// <summary>How a run of a job stands.</summary>
public enum RunState
{
    /// <summary>Somebody asked for it, and no replica has begun.</summary>
    Requested,
    Running,
    Succeeded,
    Failed,

    /// <summary>Its replica went away while it ran.</summary>
    Lost,
}

/// <summary>One run of a job.</summary>
/// <param name="Fault">The kind of what went wrong; its words, redacted, are among the errors.</param>
/// <param name="By">Who asked for it; null when the schedule did.</param>
public sealed record JobRun(
    long Id, DateTimeOffset RequestedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, RunState State, string? Replica, string? Fault, string? By, string? Reason)
{
    public bool IsUnderWay => State is RunState.Requested or RunState.Running;

    public TimeSpan? Took => FinishedAt - StartedAt;
}

/// <summary>Who switched a job off, when and why.</summary>
public sealed record JobSwitch(string By, DateTimeOffset At, string Reason);

/// <summary>A job as the page shows it.</summary>
/// <param name="Off">Null while it runs by its schedule.</param>
/// <param name="NextAt">Null while it is switched off.</param>
/// <param name="Runs">The latest, newest first.</param>
public sealed record JobView(string Name, string What, string Schedule, DateTimeOffset? NextAt, JobSwitch? Off, IReadOnlyList<JobRun> Runs)
{
    public JobRun? Running => Runs.FirstOrDefault(run => run.IsUnderWay);

    public JobRun? LastEnded => Runs.FirstOrDefault(run => !run.IsUnderWay);
}
