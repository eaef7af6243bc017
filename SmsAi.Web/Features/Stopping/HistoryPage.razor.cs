using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Ui;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Every change of the switches, page by page.</summary>
public sealed partial class HistoryPage
{
    private const int PageSize = 50;

    private static readonly KeyValuePair<string, string>[] Switches =
        [KeyValuePair.Create(Switch.Kill, "Stop all"), KeyValuePair.Create(Switch.Pause, "Pause"), KeyValuePair.Create(Switch.Ai, "Model off")];

    private FlipWindow? _window;

    [SupplyParameterFromQuery] public string? What { get; set; }

    [SupplyParameterFromQuery] public string? Before { get; set; }

    [SupplyParameterFromQuery] public string? After { get; set; }

    [Inject] public required RecentFlips Recent { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    protected override void OnInitialized() => Watch(ListenAsync);

    protected override Task OnParametersSetAsync()
    {
        What = Given(What);
        return ReadAsync(LoadAsync);
    }

    private async Task LoadAsync(CancellationToken cancel) => _window = await Recent.ReadAsync(What, Number(Before), Number(After), PageSize, cancel);

    private async Task ListenAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Controls], leaving))
        {
            await ReadAsync(LoadAsync);
            StateHasChanged();
        }
    }

    /// <summary>The same page with one thing changed; another switch begins at the newest again.</summary>
    private string PathTo((string Name, object? Value) change) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["before"] = null,
        ["after"] = null,
        [change.Name] = change.Value,
    });
}
