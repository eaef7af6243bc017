using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using Radzen;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Features.Auditing;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Conversations;

/// <summary>The inbox, the open thread and the person beside it; live, and as far as the role may read.</summary>
public sealed partial class ConversationsPage
{
    private static readonly TimeSpan AtMostEach = TimeSpan.FromMilliseconds(700);

    private ConversationsQuery _query = new();
    private long? _operator;
    private string _me = "";
    private string _role = "";
    private bool _mayRead;
    private bool _mayOperate;

    [Parameter] public long? Id { get; set; }

    [SupplyParameterFromQuery] public string? Show { get; set; }

    [SupplyParameterFromQuery] public string? Tier { get; set; }

    [SupplyParameterFromQuery] public string? Channel { get; set; }

    [SupplyParameterFromQuery] public string? Before { get; set; }

    [SupplyParameterFromQuery] public string? After { get; set; }

    [SupplyParameterFromQuery] public string? Panel { get; set; }

    /// <summary>A message that was looked for.</summary>
    [SupplyParameterFromQuery] public string? Message { get; set; }

    [Inject] public required InboxModel Inbox { get; init; }

    [Inject] public required ThreadModel Thread { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required IAuthorizationService Authorization { get; init; }

    [Inject] public required ConversationDesk Desk { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required IOptions<ConversationsOptions> Options { get; init; }

    [CascadingParameter] public required Task<AuthenticationState> Authentication { get; set; }

    private bool IsMine => Thread.Head?.Holder?.Operator is { } holder && holder == _operator;

    private string? WhyNot => _mayOperate ? null : "Your role may look, not answer";

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        var person = (await Authentication).User;
        var actor = OperatorActor.Of(person, address: null);
        (_operator, _me, _role) = (actor.Id, actor.Name, actor.Role);
        _mayOperate = (await Authorization.AuthorizeAsync(person, Rights.CanOperate)).Succeeded;
        _mayRead = (await Authorization.AuthorizeAsync(person, Rights.CanReadBodies)).Succeeded;
        var query = new ConversationsQuery
        {
            Open = Id,
            Show = Given(Show),
            Tier = Given(Tier),
            Channel = Given(Channel),
            Before = MessageCursor.Parse(Before),
            After = MessageCursor.Parse(After),
            Message = Number(Message),
            ShowsPerson = Panel == "person",
        };
        var isSameList = Inbox.Window is not null && query.To(null) == _query.To(null);
        _query = query;
        Thread.Open(Id, query.Message);
        // The thread first: what it marks as read the list no longer counts.
        var read = Thread.ReadUpTo;
        await ReadAsync(LoadThreadAsync);
        if (!isSameList || Thread.ReadUpTo != read) await ReadAsync(LoadListAsync);
        if (!isSameList) await ReadAsync(LoadViewsAsync);
    }

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var news in Live.ReadAsync([LiveTopics.Conversations, LiveTopics.TakeOvers, LiveTopics.Messages, LiveTopics.Queue, LiveTopics.People], leaving))
        {
            if (Inbox.Window is null) continue;
            await ReadAsync(LoadThreadAsync);
            if (news.Topics.Contains(LiveTopics.People)) await PersonChangedAsync();
            await ReadAsync(LoadListAsync);
            StateHasChanged();
            await Task.Delay(AtMostEach, Time, leaving);
        }
    }

    private Task LoadListAsync(CancellationToken cancel) => Inbox.LoadAsync(_query.ToFilter(_operator), _query.Before, _query.After, _mayRead, cancel);

    private Task LoadThreadAsync(CancellationToken cancel) => Thread.LoadAsync(_operator, _mayRead, cancel);

    private Task OlderAsync() => ReadAsync(cancel => Thread.OlderAsync(_mayRead, cancel));

    private async Task ActedAsync()
    {
        await ReadAsync(LoadThreadAsync);
        await ReadAsync(LoadListAsync);
    }

    private async Task PersonChangedAsync()
    {
        if (Thread.Head is { } head) await ReadAsync(cancel => Thread.LoadPersonAsync(head.Person, cancel));
    }

    private void Filter(ConversationsQuery query) => Navigation.NavigateTo(query.Href);

    private Task LoadViewsAsync(CancellationToken cancel) => _operator is { } me ? Inbox.LoadViewsAsync(me, cancel) : Task.CompletedTask;

    private Task SearchAsync(string words) => _mayRead ? ReadAsync(cancel => Inbox.SearchAsync(words, _role, cancel)) : Task.CompletedTask;

    private async Task SaveViewAsync()
    {
        if (await ViewDialog.OpenAsync(Dialogs, _mayOperate) is not { } view) return;
        await Desk.SaveViewAsync(view.Name, _query.Filters, view.IsShared, CancellationToken.None);
        await ReadAsync(LoadViewsAsync);
    }

    private async Task RemoveViewAsync(long view)
    {
        await Desk.RemoveViewAsync(view, CancellationToken.None);
        await ReadAsync(LoadViewsAsync);
    }

    private async Task MarkAllReadAsync()
    {
        if (_operator is not { } reader) return;
        await ReadAsync(cancel => Inbox.MarkAllReadAsync(reader, cancel));
        await ReadAsync(LoadListAsync);
    }
}
