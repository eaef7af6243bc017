using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Errors;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Errors;

/// <summary>Asks for a note and resolves or reopens.</summary>
public sealed partial class ErrorDialog
{
    private string _note = "";
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public ErrorAct Act { get; set; }

    [Parameter, EditorRequired] public ErrorDetail Detail { get; set; } = null!;

    [Inject] public required ErrorActs Acts { get; init; }

    [Inject] public required ActingOperator Acting { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private string Lead => Act switch
    {
        ErrorAct.Resolve => "When it happens again, it appears as a new one.",
        ErrorAct.Reopen => "It counts as open again.",
        _ => $"All open ones of {Detail.Error.Type} in {Detail.Error.Component}, however old. Those that come meanwhile stay open.",
    };

    private string Verb => Act switch
    {
        ErrorAct.Resolve => "Resolve",
        ErrorAct.Reopen => "Reopen",
        _ => $"Resolve {ErrorWords.Errors(Detail.OpenOfKind)}",
    };

    /// <summary>What was changed, or null.</summary>
    public static async Task<ErrorsChanged?> OpenAsync(DialogService dialogs, ErrorAct act, ErrorDetail detail) => await dialogs.OpenAsync<ErrorDialog>(
        act switch
        {
            ErrorAct.Resolve => "Resolve this error?",
            ErrorAct.Reopen => "Reopen this error?",
            _ => "Resolve all of this kind?",
        },
        new Dictionary<string, object?> { [nameof(Act)] = act, [nameof(Detail)] = detail },
        DialogShape.Small) as ErrorsChanged;

    private async Task SaveAsync()
    {
        if (_isWorking) return;
        _isWorking = true;
        _fault = null;
        try
        {
            var actor = await Acting.ActorAsync(Rights.CanOperate);
            Dialogs.Close(Act switch
            {
                ErrorAct.Resolve => await Acts.ResolveAsync(Detail.Error.Id, _note.Trim(), actor, CancellationToken.None),
                ErrorAct.Reopen => await Acts.ReopenAsync(Detail.Error.Id, _note.Trim(), actor, CancellationToken.None),
                _ => await Acts.ResolveKindAsync(Detail.Error, Detail.NewestOfKind, _note.Trim(), actor, CancellationToken.None),
            });
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Nothing is changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Nothing is changed: your role may not do this.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}

/// <summary>What can be done about an error.</summary>
public enum ErrorAct
{
    Resolve,
    Reopen,
    ResolveKind,
}
