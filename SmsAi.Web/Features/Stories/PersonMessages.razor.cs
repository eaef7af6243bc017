using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Web.Features.Stories;

/// <summary>One person's messages, newest first, as the list of all messages shows them.</summary>
public sealed partial class PersonMessages
{
    private (string Alias, string? Before, string? After)? _read;
    private bool _hasNews;

    [Parameter, EditorRequired] public string Alias { get; set; } = "";

    /// <summary>The address it stands at, with a query that places are added to.</summary>
    [Parameter, EditorRequired] public string Path { get; set; } = "";

    [Parameter] public string? Before { get; set; }

    [Parameter] public string? After { get; set; }

    [Parameter] public bool MayRead { get; set; }

    [Inject] public required MessagesModel Model { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnParametersSetAsync()
    {
        if (_read == (Alias, Before, After)) return;
        _read = (Alias, Before, After);
        await ReadAsync(LoadAsync);
    }

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Messages], leaving))
        {
            if (_hasNews || Model.Window is not { HasNewer: false }) continue;
            _hasNews = true;
            StateHasChanged();
        }
    }

    private Task LoadAsync(CancellationToken cancel)
    {
        _hasNews = false;
        return Model.LoadAsync(
            new MessageFilter { From = DateTimeOffset.UnixEpoch, Alias = Alias }, MessageCursor.Parse(Before), MessageCursor.Parse(After), cancel);
    }

    private Task ToggleBodiesAsync() => MayRead ? ReadAsync(cancel => Model.ShowBodiesAsync(!Model.ShowsBodies, cancel)) : Task.CompletedTask;
}
