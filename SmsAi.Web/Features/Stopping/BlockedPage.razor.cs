using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Live;
using static SmsAi.Web.Platform.Ui.ListAddress;

namespace SmsAi.Web.Features.Stopping;

/// <summary>All blocked numbers, page by page.</summary>
public sealed partial class BlockedPage
{
    private const int PageSize = 50;

    private BlockedWindow? _window;

    [SupplyParameterFromQuery] public string? Before { get; set; }

    [SupplyParameterFromQuery] public string? After { get; set; }

    [Inject] public required BlockedNumbers Blocked { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    protected override void OnInitialized() => Watch(ListenAsync);

    protected override Task OnParametersSetAsync() => ReadAsync(LoadAsync);

    private async Task LoadAsync(CancellationToken cancel) => _window = await Blocked.ReadAsync(Number(Before), Number(After), PageSize, cancel);

    private async Task ListenAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Controls], leaving))
        {
            await ReadAsync(LoadAsync);
            StateHasChanged();
        }
    }
}
