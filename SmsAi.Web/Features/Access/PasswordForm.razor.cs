using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Changes one's own password, with the old one and the second factor if there is one.</summary>
public sealed partial class PasswordForm
{
    private string _current = "";
    private string _wanted = "";
    private string? _currentFault;
    private string? _wantedFault;
    private bool _isWorking;

    /// <summary>For the browser's keeper of passwords.</summary>
    [Parameter, EditorRequired] public string Email { get; set; } = "";

    [Parameter] public EventCallback Changed { get; set; }

    [Inject] public required AccountDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    private async Task ChangeAsync()
    {
        (_currentFault, _wantedFault) = (_current.Length == 0 ? "Type the password you have." : null, null);
        if (_isWorking || _currentFault is not null) return;
        _isWorking = true;
        try
        {
            PasswordChange? change = null;
            if (!await StepUpDialog.GuardAsync(Dialogs, async () => change = await Desk.ChangePasswordAsync(_current, _wanted, CancellationToken.None))) return;
            (_currentFault, _wantedFault) = (change!.Current is { } wrong ? TryWords.Of(wrong.Left) : null, change.WantedFault);
            if (!change.IsDone) return;
            (_current, _wanted) = ("", "");
            Toasts.Show("Password changed; your other sessions have ended");
            await Changed.InvokeAsync();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _wantedFault = "Not changed: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _wantedFault = "Not changed: your session has ended. Sign in again.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
