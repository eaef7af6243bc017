using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Adds a passkey in this browser, after the second factor if that is old; renames and removes those there are.</summary>
public sealed partial class PasskeyList
{
    private string _name = "";
    private string? _fault;
    private bool? _isThere;
    private bool _isWorking;
    private byte[]? _renaming;
    private string _newName = "";
    private string? _renameFault;
    private bool _looksAtRename;
    private ElementReference _renameInput;

    [Parameter, EditorRequired] public IReadOnlyList<PasskeyLine> Passkeys { get; set; } = [];

    [Parameter] public EventCallback<PasskeyLine> Remove { get; set; }

    [Parameter] public EventCallback Changed { get; set; }

    [Inject] public required PasskeyBrowser Browser { get; init; }

    [Inject] public required AccountDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            if (_looksAtRename)
            {
                _looksAtRename = false;
                await _renameInput.FocusAsync();
            }

            if (!firstRender) return;
            _isThere = await Browser.IsThereAsync();
            StateHasChanged();
        }
        catch (Exception fault) when (fault is JSDisconnectedException or TaskCanceledException)
        {
            // The browser went away.
        }
    }

    private bool IsRenamed(PasskeyLine passkey) => _renaming is { } id && id.AsSpan().SequenceEqual(passkey.Id);

    private void BeginRename(PasskeyLine passkey) => (_renaming, _newName, _renameFault, _looksAtRename) = (passkey.Id, passkey.Name, null, true);

    private async Task RenameAsync()
    {
        _renameFault = Core.Features.Access.Passkeys.FaultOf(_newName);
        if (_renameFault is not null || _renaming is not { } id) return;
        try
        {
            var isDone = await Desk.RenamePasskeyAsync(id, _newName, CancellationToken.None);
            _renaming = null;
            Toasts.Show(isDone ? $"The passkey is called {_newName.Trim()} now" : "This passkey was removed meanwhile", isDone ? Tone.Ok : Tone.Warn);
            await Changed.InvokeAsync();
        }
        catch (UnauthorizedAccessException)
        {
            _renameFault = "Your session has ended. Sign in again.";
        }
    }

    private async Task AddAsync()
    {
        _fault = _name.Trim().Length == 0 ? "Give it a name." : null;
        if (_fault is not null || _isWorking) return;
        _isWorking = true;
        try
        {
            if (!await StepUpDialog.GuardAsync(Dialogs, () => Desk.DemandAsync(CancellationToken.None))) return;
            _fault = await Browser.AddAsync(_name.Trim());
            if (_fault is not null) return;
            Toasts.Show($"{_name.Trim()} can sign in now");
            _name = "";
            await Changed.InvokeAsync();
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Your session has ended. Sign in again.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
