using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Ui;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Stories;

/// <summary>Every message, found by state, kind, direction, person, time and cost; the list stands still and says when there are new ones.</summary>
public sealed partial class MessagesPage
{
    private MessageQuery _query = new();
    private bool _mayRead;
    private bool _hasNews;

    [SupplyParameterFromQuery] public string? State { get; set; }

    [SupplyParameterFromQuery] public string? Kind { get; set; }

    [SupplyParameterFromQuery] public string? Direction { get; set; }

    [SupplyParameterFromQuery] public string? Person { get; set; }

    [SupplyParameterFromQuery] public string? Cost { get; set; }

    [SupplyParameterFromQuery] public string? Since { get; set; }

    [SupplyParameterFromQuery] public string? From { get; set; }

    [SupplyParameterFromQuery] public string? To { get; set; }

    [SupplyParameterFromQuery] public string? Before { get; set; }

    [SupplyParameterFromQuery] public string? After { get; set; }

    [Inject] public required MessagesModel Model { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required IAuthorizationService Authorization { get; init; }

    [CascadingParameter] public required Task<AuthenticationState> Authentication { get; set; }

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        _query = new()
        {
            State = Given(State),
            Kind = Given(Kind),
            Direction = Given(Direction),
            Person = Given(Person),
            Cost = Given(Cost),
            Days = new(Given(Since), Given(From), Given(To)),
        };
        _mayRead = (await Authorization.AuthorizeAsync((await Authentication).User, Rights.CanReadBodies)).Succeeded;
        await ReadAsync(LoadAsync);
    }

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Messages], leaving))
        {
            // Further down the list nothing new comes.
            if (_hasNews || Model.Window is not { HasNewer: false }) continue;
            _hasNews = true;
            StateHasChanged();
        }
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        _hasNews = false;
        await Model.LoadAsync(_query.ToFilter(Clock), MessageCursor.Parse(Before), MessageCursor.Parse(After), cancel);
    }

    private Task ShowNewAsync() => ReadAsync(LoadAsync);

    private Task ToggleBodiesAsync() => _mayRead ? ReadAsync(cancel => Model.ShowBodiesAsync(!Model.ShowsBodies, cancel)) : Task.CompletedTask;

    private void Filter(MessageQuery query) => Navigation.NavigateTo(Navigation.Search(new()
    {
        ["state"] = query.State,
        ["kind"] = query.Kind,
        ["direction"] = query.Direction,
        ["person"] = query.Person,
        ["cost"] = query.Cost,
        ["since"] = query.Days.Since,
        ["from"] = query.Days.From,
        ["to"] = query.Days.To,
    }));

    private string PageTo(string direction, ListedMessage message) => Navigation.Page(direction, message.Cursor.ToString());
}
