using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>The keys there are, whether they work, and the acts that make and end them.</summary>
public sealed partial class ApiKeysPage
{
    private const string All = "all";
    private const string Command = "./run apikey create --name N --role R";

    private static readonly Dictionary<string, string> Choices = new() { [All] = "All, ended ones too" };

    private IReadOnlyList<ApiKey>? _keys;

    /// <summary>From the address: only keys that work, or all.</summary>
    [SupplyParameterFromQuery] public string? State { get; set; }

    [Inject] public required ApiKeyActs Acts { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    private List<ApiKey> Shown => [.. _keys!.Where(key => State == All || key.StateAt(Time.GetUtcNow()) is ApiKeyState.Active or ApiKeyState.Replaced or ApiKeyState.MakerGone)];

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override Task OnInitializedAsync() => ReadAsync(LoadAsync);

    private async Task LoadAsync(CancellationToken cancel) => _keys = await Acts.ListAsync(cancel);

    private async Task FollowAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Keys], leaving))
        {
            await ReadAsync(LoadAsync);
            StateHasChanged();
        }
    }

    private void Filter(string? state) => Navigation.NavigateTo(state is null ? "api-keys" : $"api-keys?state={state}");

    private async Task CreateAsync()
    {
        await CreateKeyDialog.OpenAsync(Dialogs);
        await ReadAsync(LoadAsync);
    }

    private async Task RotateAsync(ApiKey key)
    {
        await RotateKeyDialog.OpenAsync(Dialogs, key);
        await ReadAsync(LoadAsync);
    }

    private async Task RevokeAsync(ApiKey key)
    {
        if (await RevokeKeyDialog.OpenAsync(Dialogs, key)) Toasts.Show($"{key.Name} is revoked");
        await ReadAsync(LoadAsync);
    }

    private static string Count(int count) => count == 1 ? "1 key" : $"{NumberText.Of(count)} keys";
}
