using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Everyone who may sign in, and the invitations that are out.</summary>
public sealed partial class AccessPage
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    private IReadOnlyList<AccountLine>? _accounts;
    private IReadOnlyList<InvitationLine>? _invitations;
    private long? _me;

    [Inject] public required AccessDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override Task OnInitializedAsync() => LoadAgainAsync();

    private Task LoadAgainAsync() => ReadAsync(async cancel =>
    {
        _me = (await Desk.MeAsync()).Id;
        _accounts = await Desk.ListAsync(only: null, cancel);
        _invitations = await Desk.InvitationsAsync(cancel);
    });

    private async Task FollowAsync(CancellationToken leaving)
    {
        using var timer = new PeriodicTimer(Again, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(leaving))
            {
                await LoadAgainAsync();
                StateHasChanged();
            }
        }
        catch (UnauthorizedAccessException)
        {
            // The session has ended; the frame leads to the sign-in.
        }
    }

    private async Task InviteAsync()
    {
        await InviteDialog.OpenAsync(Dialogs);
        await LoadAgainAsync();
    }

    private async Task TakeBackAsync(InvitationLine invitation)
    {
        await ReadAsync(async cancel =>
        {
            if (await Desk.TakeBackAsync(invitation.Id, cancel)) Toasts.Show("Invitation taken back; its link opens nothing now");
            else Toasts.Show("This invitation was used or taken back meanwhile", Tone.Warn);
        });
        await LoadAgainAsync();
    }
}
