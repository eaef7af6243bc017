using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Features.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Asks how long the old key works on, makes the new one, and shows it once.</summary>
public sealed partial class RotateKeyDialog
{
    private int _hours = 24;
    private string? _fault;
    private bool _isWorking;
    private MadeApiKey? _made;

    [Parameter, EditorRequired] public ApiKey Key { get; set; } = null!;

    [Inject] public required ApiKeyDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    private string OldOne => _hours == 0 ? "The old one works no longer." : $"The old one works for {(_hours == 1 ? "an hour" : _hours == 24 ? "a day" : "a week")} more.";

    public static Task OpenAsync(DialogService dialogs, ApiKey key) =>
        dialogs.OpenAsync<RotateKeyDialog>($"Rotate {key.Name}?", new Dictionary<string, object?> { [nameof(Key)] = key }, DialogShape.Small);

    private async Task SaveAsync()
    {
        _fault = null;
        if (_isWorking) return;
        _isWorking = true;
        try
        {
            var isDone = await StepUpDialog.GuardAsync(Dialogs, async () => _made = await Desk.RotateAsync(Key.Prefix, TimeSpan.FromHours(_hours), CancellationToken.None));
            if (isDone && _made is null) _fault = "Not rotated: somebody rotated or revoked it meanwhile.";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not rotated: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not rotated: your role may not make such keys.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
