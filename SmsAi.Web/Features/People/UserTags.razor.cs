using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.People;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>Puts tags on a person and takes them off.</summary>
public sealed partial class UserTags
{
    private string _typed = "";
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public long Person { get; set; }

    [Parameter, EditorRequired] public IReadOnlyList<string> Tags { get; set; } = [];

    [Parameter] public bool MayWrite { get; set; }

    [Parameter] public EventCallback OnChanged { get; set; }

    [Inject] public required PersonActs Acts { get; init; }

    [Inject] public required PeopleDesk Desk { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    private async Task AddAsync()
    {
        var tag = PersonActs.TidyTag(_typed);
        _fault = PersonActs.FaultOfTag(tag) ?? (Tags.Contains(tag) ? "This person has this tag." : null);
        if (_fault is not null) return;
        await SetAsync(tag, true);
        if (_fault is null) _typed = "";
    }

    private async Task SetAsync(string tag, bool on)
    {
        if (await WriteAsync(tag, on))
            Toasts.Show(on ? $"Tagged {tag}" : $"Tag {tag} removed", Tone.Ok, "Undo", () => WriteAsync(tag, !on));
    }

    private async Task<bool> WriteAsync(string tag, bool on)
    {
        (_fault, _isWorking) = (null, true);
        try
        {
            var changed = await Desk.AsActorAsync(Rights.CanOperate, actor => Acts.TagAsync(Person, tag, on, actor, CancellationToken.None));
            await OnChanged.InvokeAsync();
            return changed;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not changed: your role may look, not change.";
        }
        finally
        {
            _isWorking = false;
        }

        return false;
    }
}
