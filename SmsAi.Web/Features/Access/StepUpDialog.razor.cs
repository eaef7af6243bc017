using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>The second factor before a dangerous act: any page hands its act to <see cref="GuardAsync"/>.</summary>
public sealed partial class StepUpDialog
{
    private string _code = "";
    private string? _fault;
    private bool _isWorking;
    private bool _hasPasskey;

    /// <summary>There is none yet and the role asks for one.</summary>
    [Parameter] public bool MustEnrol { get; set; }

    [Inject] public required StepUpDesk Desk { get; init; }

    [Inject] public required PasskeyBrowser Browser { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    /// <summary>Does the act; if it needs a fresh second factor, asks for one and does it again. False when the operator gave up.</summary>
    public static async Task<bool> GuardAsync(DialogService dialogs, Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (SecondFactorNeededException needed)
        {
            var parameters = new Dictionary<string, object?> { [nameof(MustEnrol)] = needed.MustEnrol };
            if (await dialogs.OpenAsync<StepUpDialog>("Is it you?", parameters, DialogShape.Small) is not true) return false;
        }

        await act();
        return true;
    }

    /// <summary>Holds nothing up: a code typed meanwhile is looked at, and without an answer there is only no button.</summary>
    protected override async Task OnInitializedAsync()
    {
        if (!MustEnrol) await SayFaultsAsync(async () => _hasPasskey = await Desk.HasPasskeyAsync(CancellationToken.None));
    }

    private async Task ShowAsync()
    {
        _fault = _code.Trim().Length == 0 ? "Type the code." : null;
        if (_fault is not null) return;
        await TryAsync(async () =>
        {
            var verdict = await Desk.ShowAsync(_code, CancellationToken.None);
            _code = "";
            if (verdict is CodeVerdict.Right) Dialogs.Close(true);
            else _fault = CodeWords.Of(verdict);
        });
    }

    private Task UsePasskeyAsync() => TryAsync(async () =>
    {
        _fault = await Browser.StepUpAsync();
        if (_fault is null) Dialogs.Close(true);
    });

    private async Task TryAsync(Func<Task> stepAsync)
    {
        if (_isWorking) return;
        _isWorking = true;
        await SayFaultsAsync(stepAsync);
        _isWorking = false;
    }

    private async Task SayFaultsAsync(Func<Task> stepAsync)
    {
        try
        {
            await stepAsync();
        }
        catch (Exception fault) when (fault.IsOutage())
        {
            _fault = "Not looked at: the database doesn't answer.";
        }
        catch (UnauthorizedAccessException)
        {
            _fault = "Your session has ended. Sign in again.";
        }
    }
}
