using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Adds a passkey in this browser, after the second factor if that is old.</summary>
public sealed partial class PasskeyList
{
    private string _name = "";
    private string? _fault;
    private bool? _isThere;
    private bool _isWorking;

    [Parameter, EditorRequired] public IReadOnlyList<PasskeyLine> Passkeys { get; set; } = [];

    [Parameter] public EventCallback<PasskeyLine> Remove { get; set; }

    [Parameter] public EventCallback Changed { get; set; }

    [Inject] public required PasskeyBrowser Browser { get; init; }

    [Inject] public required AccountDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        try
        {
            _isThere = await Browser.IsThereAsync();
            StateHasChanged();
        }
        catch (Exception fault) when (fault is JSDisconnectedException or TaskCanceledException)
        {
            // The browser went away.
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
