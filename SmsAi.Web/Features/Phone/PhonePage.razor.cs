using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Phone;

/// <summary>A handset in the browser: texts the running app from outside, and shows what comes back.</summary>
public sealed partial class PhonePage
{
    private static readonly TimeSpan WhileMoving = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AtRest = TimeSpan.FromSeconds(1);

    private bool _mayText;
    private bool _isReady;

    [Inject] public required PhoneModel Model { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required IAuthorizationService Authorization { get; init; }

    [CascadingParameter] public required Task<AuthenticationState> Authentication { get; set; }

    /// <summary>The chosen handset by its place in the list, from 1: its number has no business in a URL.</summary>
    [SupplyParameterFromQuery] public string? Handset { get; set; }

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        if (!_isReady)
        {
            var person = (await Authentication).User;
            Model.Actor = OperatorActor.Of(person, address: null);
            Model.MayReadBodies = (await Authorization.AuthorizeAsync(person, Rights.CanReadBodies)).Succeeded;
            _mayText = (await Authorization.AuthorizeAsync(person, Rights.CanOperate)).Succeeded;
            _isReady = true;
        }

        await ReadAsync(cancel => Model.OpenAsync(ListAddress.Number(Handset), cancel));
    }

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Messages, LiveTopics.Queue, LiveTopics.Phone, LiveTopics.Controls], leaving))
        {
            await ReadAsync(Model.RefreshAsync);
            StateHasChanged();
            await Task.Delay(Model.Thread.IsMoving ? WhileMoving : AtRest, Time, leaving);
        }
    }

    private Task TextAsync(string body) => ReadAsync(cancel => Model.TextAsync(body, StateHasChanged, cancel));
}
