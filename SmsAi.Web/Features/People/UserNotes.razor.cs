using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Reads, adds, edits and removes the notes about one person.</summary>
public sealed partial class UserNotes
{
    private IReadOnlyList<PersonNote>? _notes;
    private PersonNote? _edited;
    private long? _read;
    private string _draft = "";
    private string _editedText = "";
    private string? _fault;
    private string? _editFault;
    private bool _isWorking;

    [Parameter, EditorRequired] public long Person { get; set; }

    [Parameter] public bool MayRead { get; set; }

    [Parameter] public bool MayWrite { get; set; }

    [Inject] public required PersonNotes Notes { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        if (!MayRead || _read == Person) return;
        _read = Person;
        await ReadAsync(LoadAsync);
    }

    /// <summary>A note another operator writes shows here too.</summary>
    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.People], leaving))
        {
            if (_read is null) continue;
            await ReadAsync(LoadAsync);
            StateHasChanged();
        }
    }

    private async Task LoadAsync(CancellationToken cancel) =>
        _notes = await Desk.AsActorAsync(Rights.CanReadBodies, actor => Notes.ReadAsync(Person, actor, cancel));

    private async Task AddAsync()
    {
        _fault = _draft.Trim().Length == 0 ? "Write something first." : null;
        if (_fault is not null) return;
        _fault = await WriteAsync(actor => Notes.AddAsync(Person, _draft.Trim(), actor, CancellationToken.None));
        if (_fault is null) _draft = "";
    }

    private void Edit(PersonNote note) => (_edited, _editedText, _editFault) = (note, note.Text, null);

    private async Task ChangeAsync(PersonNote note)
    {
        _editFault = _editedText.Trim().Length == 0 ? "Write something, or remove the note." : null;
        if (_editFault is not null || _edited is not { } seen) return;
        _editFault = await WriteAsync(actor => Notes.ChangeAsync(Person, seen, _editedText.Trim(), actor, CancellationToken.None));
        if (_editFault is null) _edited = null;
    }

    private async Task RemoveAsync(PersonNote note)
    {
        var fault = await WriteAsync(actor => Notes.RemoveAsync(Person, note, actor, CancellationToken.None));
        if (fault is not null)
            Toasts.Show(fault, Tone.Warn);
        else
            Toasts.Show("Note removed", Tone.Ok, "Undo", () => WriteAsync(actor => Notes.AddAsync(Person, note.Text, actor, CancellationToken.None)));
    }

    /// <summary>What went wrong, or null.</summary>
    private async Task<string?> WriteAsync(Func<Core.Features.Auditing.Actor, Task<NoteOutcome>> write)
    {
        _isWorking = true;
        try
        {
            var outcome = await Desk.AsActorAsync(Rights.CanOperate, write);
            await ReadAsync(LoadAsync);
            return outcome switch
            {
                NoteOutcome.Conflict => "Not saved: somebody changed or removed this note meanwhile.",
                NoteOutcome.NoKey => "Not saved: this person's key is destroyed, so nothing can be kept about her.",
                _ => null,
            };
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            return "Not saved: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            return "Not saved: your role may look, not change.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
