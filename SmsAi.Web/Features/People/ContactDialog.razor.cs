using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Changes the name and the e-mail address of a person.</summary>
public sealed partial class ContactDialog
{
    private string _name = "";
    private string _email = "";
    private string? _nameFault;
    private string? _emailFault;
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public long Person { get; set; }

    /// <summary>Both as they were revealed.</summary>
    [Parameter, EditorRequired] public PersonContact Seen { get; set; } = null!;

    [Inject] public required PersonContacts Contacts { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    /// <summary>As it is now, or null when nothing was changed.</summary>
    public static async Task<PersonContact?> OpenAsync(DialogService dialogs, long person, PersonContact seen) => await dialogs.OpenAsync<ContactDialog>(
        "Name and email", new Dictionary<string, object?> { [nameof(Person)] = person, [nameof(Seen)] = seen }, DialogShape.Small) as PersonContact;

    protected override void OnInitialized() => (_name, _email) = (Seen.Name ?? "", Seen.Email ?? "");

    private static string? Typed(string text) => text.Trim() is { Length: > 0 } typed ? typed : null;

    private async Task SaveAsync()
    {
        var wanted = Seen with { Name = Typed(_name), Email = Typed(_email) };
        (_nameFault, _emailFault, _fault) = (PersonContacts.FaultOfName(wanted.Name), PersonContacts.FaultOfEmail(wanted.Email), null);
        if (_isWorking || _nameFault is not null || _emailFault is not null) return;
        if (wanted == Seen)
        {
            Dialogs.Close();
            return;
        }

        _isWorking = true;
        try
        {
            if (await Desk.AsActorAsync(Rights.CanAdminister, actor => Contacts.ChangeAsync(Person, Seen, wanted.Name, wanted.Email, actor, CancellationToken.None)))
                Dialogs.Close(wanted);
            else
                _fault = "Not changed: somebody changed it meanwhile. Close, reveal again, then decide.";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not changed: only an admin may.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
