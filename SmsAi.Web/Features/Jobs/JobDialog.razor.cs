using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Jobs;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Jobs;

/// <summary>Asks why a job is to be run, switched off or on, and does it.</summary>
public sealed partial class JobDialog
{
    private string _reason = "";
    private string? _reasonFault;
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public JobAct Act { get; set; }

    [Parameter, EditorRequired] public JobView Job { get; set; } = null!;

    [Inject] public required JobActs Acts { get; init; }

    [Inject] public required ActingOperator Acting { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private string Lead => Act switch
    {
        JobAct.Run => Job.What,
        JobAct.Disable => "No replica runs it by its schedule any more, also after a restart, until somebody switches it on.",
        _ => $"It runs by its schedule again: {Job.Schedule}.",
    };

    private string Verb => Act switch
    {
        JobAct.Run => "Run now",
        JobAct.Disable => "Switch off",
        _ => "Switch on",
    };

    /// <summary>What came of it, or null.</summary>
    public static async Task<JobOutcome?> OpenAsync(DialogService dialogs, JobAct act, JobView job)
    {
        var name = JobWords.Name(job.Name);
        var question = act switch
        {
            JobAct.Run => $"Run {name} now?",
            JobAct.Disable => $"Switch {name} off?",
            _ => $"Switch {name} on?",
        };
        return await dialogs.OpenAsync<JobDialog>(
            question, new Dictionary<string, object?> { [nameof(Act)] = act, [nameof(Job)] = job }, DialogShape.Small) as JobOutcome?;
    }

    private async Task SaveAsync()
    {
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : null;
        if (_isWorking || _reasonFault is not null) return;
        _isWorking = true;
        _fault = null;
        try
        {
            var actor = await Acting.ActorAsync(Rights.CanAdminister);
            Dialogs.Close(Act switch
            {
                JobAct.Run => await Acts.RunAsync(Job.Name, _reason.Trim(), actor, CancellationToken.None),
                JobAct.Disable => await Acts.DisableAsync(Job.Name, _reason.Trim(), actor, CancellationToken.None),
                _ => await Acts.EnableAsync(Job.Name, _reason.Trim(), actor, CancellationToken.None),
            });
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing is done: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Nothing is done: only an admin may act on jobs.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}

/// <summary>What can be done with a job.</summary>
public enum JobAct
{
    Run,
    Disable,
    Enable,
}
