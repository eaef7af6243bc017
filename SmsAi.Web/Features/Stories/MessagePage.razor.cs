using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stories;

/// <summary>Why one message went as it went: where its time went, both texts, each step, the cost to the micro-dollar.</summary>
public sealed partial class MessagePage
{
    private static readonly TimeSpan AtMostEach = TimeSpan.FromSeconds(1);

    private bool _isReady;
    private bool _mayRead;
    private bool _mayOperate;
    private bool _isReplaying;

    [Parameter] public long Id { get; set; }

    [Inject] public required MessageModel Model { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required IAuthorizationService Authorization { get; init; }

    [CascadingParameter] public required Task<AuthenticationState> Authentication { get; set; }

    [CascadingParameter] public RailModel? Rail { get; set; }

    private string? WhyNoReplay => _mayOperate ? Rail?.WhyNoSends : "Your role may look, not replay";

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        if (!_isReady)
        {
            var person = (await Authentication).User;
            _mayRead = (await Authorization.AuthorizeAsync(person, Rights.CanReadBodies)).Succeeded;
            _mayOperate = (await Authorization.AuthorizeAsync(person, Rights.CanOperate)).Succeeded;
            _isReady = true;
        }

        if (Model.Story?.Asked.Id != Id) await ReadAsync(LoadAsync);
    }

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Messages, LiveTopics.Queue, LiveTopics.Controls], leaving))
        {
            // News of a replay may come before the page has seen that the story goes on.
            if (!_isReady || (Model.IsOver && !IsOutOfReach && !_isReplaying)) continue;
            await ReadAsync(LoadAsync);
            StateHasChanged();
            await Task.Delay(AtMostEach, Time, leaving);
        }
    }

    private Task LoadAsync(CancellationToken cancel) => Model.LoadAsync(Id, _mayRead, cancel);

    private async Task ReplayAsync()
    {
        if (_isReplaying) return;
        _isReplaying = true;
        await ReadAsync(async cancel =>
        {
            var isPutBack = await Model.ReplayAsync(OperatorActor.Of((await Authentication).User, address: null), cancel);
            Toasts.Show(isPutBack ? "Put back into the queue" : "Somebody else has seen to it", isPutBack ? Tone.Ok : Tone.Info);
            await LoadAsync(cancel);
        });
        _isReplaying = false;
    }
}
