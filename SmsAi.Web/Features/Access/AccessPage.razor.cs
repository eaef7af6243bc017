using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Radzen;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Everyone who may sign in, found by name, role and state, and the invitations that are out; the address holds what is looked for.</summary>
public sealed partial class AccessPage
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(10);

    private AccessQuery _query = new();
    private string? _read;

    [Inject] public required AccessModel Model { get; init; }

    [Inject] public required AccessDesk Desk { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private bool IsNobody => Model.Window is { Matching: 0 } && Model.Invitations.Count == 0 && _query.HasFilters;

    private string? Match => _query.HasFilters && Model.Window is { } window && _query.ShowsAccounts ? (window.Matching == 1 ? "1 matches" : $"{Number(window.Matching)} match") : null;

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Moved;
        Watch(FollowAsync);
    }

    protected override Task OnParametersSetAsync() => OpenAsync();

    protected override ValueTask OnLeavingAsync()
    {
        Navigation.LocationChanged -= Moved;
        return ValueTask.CompletedTask;
    }

    private void Moved(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath.TrimEnd('/').EndsWith("/access", StringComparison.Ordinal)) _ = InvokeAsync(OpenAsync);
    }

    /// <summary>Reads what the address asks for; what was asked for before is no longer wanted.</summary>
    private async Task OpenAsync()
    {
        var uri = Navigation.Uri;
        if (_read == uri) return;
        _read = uri;
        _query = AccessQuery.Of(uri);
        await LoadAgainAsync();
        StateHasChanged();
    }

    private Task LoadAgainAsync() => ReadAsync(cancel => Model.LoadAsync(_query, cancel));

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

    private static string Shown(AccountWindow window) => window.Before is null
        ? $"Rows 1 to {Number(window.Accounts.Count)} of {Number(window.Matching)}"
        : $"{Number(window.Accounts.Count)} rows of {Number(window.Matching)}";

    private static string Number(long value) => NumberText.Of(value);
}
