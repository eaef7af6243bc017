using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Shows blocked numbers and frees them; what was freed can be blocked again for a moment.</summary>
public sealed partial class BlockedTable
{
    /// <summary>Null before they are read.</summary>
    [Parameter, EditorRequired] public BlockedWindow? Window { get; set; }

    /// <summary>Something was changed here: whoever read the numbers reads them again.</summary>
    [Parameter] public EventCallback Changed { get; set; }

    [Inject] public required BlockedNumbers Blocked { get; init; }

    [Inject] public required SwitchDesk Desk { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    private async Task FreeAsync(BlockedNumber number)
    {
        try
        {
            if (await Desk.OperateAsync(actor => Blocked.FreeAsync(number.Id, "Unblocked", actor, CancellationToken.None)) is { } freed)
                Toasts.Show("Unblocked", Tone.Ok, "Undo", () => BlockAgainAsync(freed));
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            Toasts.Show("Not unblocked: the database doesn't answer", Tone.Stop);
        }
        catch (UnauthorizedAccessException)
        {
            Toasts.Show("Not unblocked: your role may not", Tone.Stop);
        }

        await Changed.InvokeAsync();
    }

    private async Task BlockAgainAsync(FreedNumber freed)
    {
        try
        {
            await Desk.OperateAsync(actor => Blocked.BlockAsync(freed, actor, CancellationToken.None));
        }
        catch (Exception fault) when (fault.IsOutage() || fault is UnauthorizedAccessException)
        {
            Toasts.Show("Not blocked again", Tone.Stop);
        }

        await Changed.InvokeAsync();
    }
}
