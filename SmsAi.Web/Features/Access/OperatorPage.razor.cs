using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>One operator's account: role, lock, second factor, and where she is signed in.</summary>
public sealed partial class OperatorPage
{
    private AccountLine? _account;
    private IReadOnlyList<SessionLine> _sessions = [];
    private Actor? _me;
    private bool _isGone;

    [Parameter] public long Id { get; set; }

    [Inject] public required AccessDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    private string? WhyNot => _account?.Role == OperatorRoles.Owner && _me?.Role != OperatorRoles.Owner ? "Only an owner acts on owners" : null;

    private string? WhyNotOut => _me?.Id == Id ? "Nobody locks or removes their own account" : WhyNot;

    protected override Task OnParametersSetAsync() => LoadAgainAsync();

    private Task LoadAgainAsync() => ReadAsync(async cancel =>
    {
        _me = await Desk.MeAsync();
        _account = await Desk.FindAsync(Id, cancel);
        _isGone = _account is null;
        _sessions = _isGone ? [] : await Desk.SessionsOfAsync(Id, cancel);
    });

    private async Task ChangeRoleAsync()
    {
        var isDone = await RoleDialog.OpenAsync(Dialogs, _account!, _me!.Role == OperatorRoles.Owner);
        await LoadAgainAsync();
        if (isDone) Toasts.Show($"{_account?.Name} is {_account?.Role} now; every session has ended");
    }

    private Task<bool> LockAsync() => ActAsync("Locked; every session has ended", cancel => Desk.LockAsync(Id, cancel));

    private Task<bool> UnlockAsync() => ActAsync("Unlocked", cancel => Desk.UnlockAsync(Id, cancel));

    private Task<bool> EndAsync(SessionLine? session) => ActAsync(session is null ? "All sessions ended" : "Session ended", cancel => Desk.EndSessionsAsync(Id, session?.Id, cancel));

    private async Task ResetFactorAsync()
    {
        var consequence = $"The password alone opens the account of {_account!.Name} until another factor is set up. All sessions end.";
        if (await AskDialog.AskAsync(Dialogs, "Reset the second factor?", consequence, "Reset it", isDangerous: true))
            await ActAsync("Second factor reset; every session has ended", cancel => Desk.ResetFactorAsync(Id, cancel));
    }

    private async Task RemoveAsync()
    {
        var (name, email) = (_account!.Name, _account.Email);
        var consequence = $"{name} can't sign in any more and every open screen closes. What was done stays in the audit trail under that name. This can't be undone.";
        if (!await AskDialog.AskAsync(Dialogs, $"Remove {name}?", consequence, "Remove the account", isDangerous: true, word: email)) return;
        if (await ActAsync($"{name} was removed", cancel => Desk.RemoveAsync(Id, cancel))) Navigation.NavigateTo("access");
    }

    private async Task<bool> ActAsync(string done, Func<CancellationToken, Task<AccountOutcome>> actAsync)
    {
        var outcome = (AccountOutcome?)null;
        await ReadAsync(async cancel =>
        {
            if (!await StepUpDialog.GuardAsync(Dialogs, async () => outcome = await actAsync(cancel))) return;
            Toasts.Show(outcome == AccountOutcome.Done ? done : "Nothing is changed. " + AccessWords.WhyNot(outcome!.Value), outcome == AccountOutcome.Done ? Tone.Ok : Tone.Warn);
        });
        if (!Leaving.IsCancellationRequested && outcome is not null) await LoadAgainAsync();
        return outcome == AccountOutcome.Done;
    }
}
