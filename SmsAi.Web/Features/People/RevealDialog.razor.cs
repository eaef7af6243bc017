using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Asks why a number is wanted and hands it, with name and address, to whoever opened the dialog.</summary>
public sealed partial class RevealDialog
{
    private string _reason = "";
    private string? _reasonFault;
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public long Person { get; set; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    /// <summary>Null when the operator changed her mind.</summary>
    public static async Task<PersonContact?> OpenAsync(DialogService dialogs, long person) =>
        await dialogs.OpenAsync<RevealDialog>("Reveal the number?", new Dictionary<string, object?> { [nameof(Person)] = person }, DialogShape.Small) as PersonContact;

    private async Task SaveAsync()
    {
        _fault = null;
        _reasonFault = _reason.Trim().Length == 0 ? "Say why, in a few words." : null;
        if (_reasonFault is not null || _isWorking) return;
        _isWorking = true;
        try
        {
            PersonContact? contact = null;
            if (!await StepUpDialog.GuardAsync(Dialogs, async () => contact = await Desk.RevealAsync(Person, _reason.Trim(), CancellationToken.None)))
                return;
            if (contact is not null)
                Dialogs.Close(contact);
            else
                _fault = "There is no number any more: it was erased.";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not revealed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not revealed: only an admin may see numbers.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
