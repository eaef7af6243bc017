using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Follows the receipt of one stop while its figures still move.</summary>
public sealed partial class StopReceiptPanel
{
    private StopReceipt? _receipt;
    private RailModel? _seen;
    private string _reason = "";
    private string? _fault;

    /// <summary>The flip whose receipt this is.</summary>
    [Parameter, EditorRequired] public long Ver { get; set; }

    /// <summary>Renewed whenever a figure moved; then the receipt is read again.</summary>
    [CascadingParameter] public required RailModel Rail { get; set; }

    [Inject] public required StopSwitches Switches { get; init; }

    [Inject] public required SwitchDesk Desk { get; init; }

    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_seen, Rail) && _receipt?.Ver == Ver) return;
        _seen = Rail;
        try
        {
            var isNew = _receipt?.Ver != Ver;
            _receipt = await Switches.ReceiptAsync(Ver, CancellationToken.None);
            if (isNew) _reason = _receipt?.Reason ?? "";
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            // The last figures stay; the rail says that the database doesn't answer.
        }
    }

    private async Task ExplainAsync()
    {
        try
        {
            await Desk.ExplainAsync(Ver, _reason, CancellationToken.None);
            _receipt = _receipt is null ? null : _receipt with { Reason = _reason.Trim() };
            _fault = null;
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not saved: the database doesn't answer.";
        }
    }
}
