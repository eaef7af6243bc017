using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Asks why and turns the model off.</summary>
public sealed partial class ModelOffDialog
{
    private string _reason = "";
    private string? _fault;
    private bool _isWorking;

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    private async Task SaveAsync()
    {
        _isWorking = true;
        try
        {
            await Desk.StopModelAsync(_reason, CancellationToken.None);
            Dialogs.Close();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not turned off: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Not turned off: your role may not.";
        }
        finally
        {
            _isWorking = false;
        }
    }
}
