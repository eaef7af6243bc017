using SmsAi.Core.Features.Jobs;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Jobs;

/// <summary>Says how runs of jobs stand.</summary>
public static class JobWords
{
    /// <summary>The name in words: inbound-sweep is "Inbound sweep".</summary>
    public static string Name(string job) => job.Length == 0 ? "" : char.ToUpperInvariant(job[0]) + job[1..].Replace('-', ' ');

    public static string State(JobRun run) => run.State switch
    {
        RunState.Requested => "Asked for",
        RunState.Running => "Running",
        RunState.Succeeded => "Done",
        RunState.Failed => "Failed",
        _ => "Lost with its replica",
    };

    public static (Tone Tone, IconName Icon) Mark(JobRun run) => run.State switch
    {
        RunState.Requested => (Tone.Info, IconName.Clock),
        RunState.Running => (Tone.Info, IconName.Dots),
        RunState.Succeeded => (Tone.Ok, IconName.Check),
        RunState.Failed => (Tone.Stop, IconName.Fault),
        _ => (Tone.Warn, IconName.Question),
    };
}
