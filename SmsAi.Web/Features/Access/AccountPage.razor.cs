using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>One's own account: second factor, password, sessions.</summary>
public sealed partial class AccountPage
{
    private AccountView? _account;
    private OperatorLocale _locale = OperatorLocale.None;
    private string? _session;
    private string _role = "";
    private bool _wasDemanded;

    [CascadingParameter] public required Task<AuthenticationState> Authentication { get; set; }

    [Inject] public required AccountDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    protected override async Task OnInitializedAsync()
    {
        _role = OperatorRoles.FromMightiest.FirstOrDefault((await Authentication).User.IsInRole) ?? "";
        await LoadAgainAsync();
    }

    private Task LoadAgainAsync() => ReadAsync(async cancel =>
    {
        _session = await Desk.SessionAsync();
        _account = await Desk.ReadAsync(cancel);
        _locale = await Desk.LocaleAsync(cancel);
    });

    private static string CodesLeft(int left) => left switch
    {
        0 => "No recovery codes are left: make new ones.",
        1 => "1 recovery code is left.",
        _ => $"{left} recovery codes are left.",
    };

    private async Task EnrolAsync()
    {
        var demanded = _account!.FactorIsDemanded;
        await EnrolDialog.OpenAsync(Dialogs, _account.Email);
        await LoadAgainAsync();
        _wasDemanded = demanded && _account is { Factor.IsOn: true };
    }

    private Task RenewCodesAsync() => DoAsync(async () =>
    {
        IReadOnlyList<string> codes = [];
        if (!await StepUpDialog.GuardAsync(Dialogs, async () => codes = await Desk.RenewCodesAsync(Leaving))) return;
        await Dialogs.OpenAsync<RecoveryCodesDialog>(
            "Your new recovery codes", new Dictionary<string, object?> { [nameof(RecoveryCodesDialog.Codes)] = codes }, DialogShape.Small);
    });

    private Task TurnOffAsync() => DoAsync(async () =>
    {
        const string Consequence = "Your password alone will open your account. Recovery codes and passkeys are destroyed, and your other sessions end.";
        if (!await AskDialog.AskAsync(Dialogs, "Turn the second factor off?", Consequence, "Turn it off", isDangerous: true)) return;
        if (await StepUpDialog.GuardAsync(Dialogs, () => Desk.TurnOffAsync(Leaving))) Toasts.Show("The second factor is off", Tone.Warn);
    });

    private Task RemovePasskeyAsync(PasskeyLine passkey) => DoAsync(async () =>
    {
        if (await StepUpDialog.GuardAsync(Dialogs, () => Desk.RemovePasskeyAsync(passkey.Id, Leaving))) Toasts.Show($"{passkey.Name} signs in no more");
    });

    /// <summary>The circuit writes in the culture it began with, so the page begins anew.</summary>
    private Task SaveLocaleAsync(OperatorLocale locale) => ReadAsync(async cancel =>
    {
        await Desk.SetLocaleAsync(locale, cancel);
        Navigation.Refresh(forceReload: true);
    });

    private Task EndAsync(SessionLine session) => session.Id == _session ? EndAllAsync(session.Id) : DoAsync(async () =>
    {
        if (await Desk.EndAsync(session.Id, Leaving)) Toasts.Show("Session ended");
    });

    private Task EndAllAsync(string own) => DoAsync(async () =>
    {
        await Desk.EndAsync(own, Leaving);
        Navigation.NavigateTo("sign-in", forceLoad: true);
    });

    private Task SignOutEverywhereAsync() => DoAsync(async () =>
    {
        const string Consequence = "Every session of yours ends, this one too, on all your devices.";
        if (await AskDialog.AskAsync(Dialogs, "Sign out everywhere?", Consequence, "Sign out everywhere")) await EndAllAsync(thisToo: true);
    });

    private Task EndAllAsync(bool thisToo) => DoAsync(async () =>
    {
        var ended = await Desk.EndAllAsync(thisToo, Leaving);
        if (thisToo) Navigation.NavigateTo("sign-in", forceLoad: true);
        else Toasts.Show(ended == 1 ? "1 other session ended" : $"{NumberText.Of(ended)} other sessions ended");
    });

    private async Task DoAsync(Func<Task> act)
    {
        await ReadAsync(_ => act());
        if (!Leaving.IsCancellationRequested) await LoadAgainAsync();
    }
}
