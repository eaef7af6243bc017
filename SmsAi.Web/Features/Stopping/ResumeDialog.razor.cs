using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Lifts one switch, and no other.</summary>
public sealed partial class ResumeDialog
{
    private string _reason = "";
    private string? _reasonFault;
    private string? _fault;
    private bool _isWorking;

    /// <summary>The switch to lift: kill, pause or ai.</summary>
    [Parameter, EditorRequired] public string What { get; set; } = "";

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required RailSource Rail { get; init; }

    private string Verb => What == Switch.Ai ? "Turn the model on" : "Resume answers";

    private string Consequence => (What, Rail.Current.Held) switch
    {
        (Switch.Ai, _) => "Texts that waited for the model are answered now, unless they grew too old meanwhile.",
        (_, 0) => "Nothing is held. New texts are answered again.",
        (_, 1) => "1 text is held. It is answered now, unless it grew too old meanwhile; then it stays with you.",
        (_, var held) => $"{held} texts are held. They are answered now, except those that grew too old meanwhile; these stay with you.",
    };

    public static Task OpenAsync(DialogService dialogs, string what) => dialogs.OpenAsync<ResumeDialog>(
        what == Switch.Ai ? "Turn the model on?" : "Resume sending?", new Dictionary<string, object?> { [nameof(What)] = what }, DialogShape.Small);

    private async Task SaveAsync()
    {
        _fault = null;
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : null;
        if (_reasonFault is not null) return;
        _isWorking = true;
        try
        {
            if (await StepUpDialog.GuardAsync(Dialogs, () => Desk.ResumeAsync(What, _reason, CancellationToken.None)))
                Dialogs.Close();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not resumed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not resumed: only an admin may resume.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
