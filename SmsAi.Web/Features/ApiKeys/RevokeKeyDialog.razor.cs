using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Ends a key at once.</summary>
public sealed partial class RevokeKeyDialog
{
    private string _reason = "";
    private string? _fault;
    private bool _isWorking;

    [Parameter, EditorRequired] public ApiKey Key { get; set; } = null!;

    [Inject] public required ApiKeyDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    /// <summary>True when it was revoked here.</summary>
    public static async Task<bool> OpenAsync(DialogService dialogs, ApiKey key) =>
        await dialogs.OpenAsync<RevokeKeyDialog>($"Revoke {key.Name}?", new Dictionary<string, object?> { [nameof(Key)] = key }, DialogShape.Small) is true;

    private async Task SaveAsync()
    {
        _fault = null;
        if (_isWorking) return;
        _isWorking = true;
        try
        {
            Dialogs.Close(await Desk.RevokeAsync(Key.Prefix, _reason.Trim(), CancellationToken.None));
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not revoked: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not revoked: only an admin may end keys.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
