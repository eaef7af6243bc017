using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Platform.Live;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Stopping;

/// <summary>The switches, what they stop, who changed them, and the proof that they work.</summary>
public sealed partial class ControlsPage
{
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(2);

    private RailModel? _seen;

    [CascadingParameter] public required RailModel Rail { get; set; }

    [Inject] public required ControlsModel Model { get; init; }

    [Inject] public required LiveFeed Live { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    protected override void OnInitialized() => Watch(leaving => Task.WhenAll(ListenAsync(leaving), TickAsync(leaving)));

    /// <summary>The rail is renewed whenever a switch moved.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_seen, Rail)) return;
        _seen = Rail;
        await ReadAsync(Model.LoadAsync);
    }

    private Task ReadNowAsync() => ReadAsync(Model.LoadAsync);

    private async Task ListenAsync(CancellationToken leaving)
    {
        await foreach (var _ in Live.ReadAsync([LiveTopics.Controls], leaving))
        {
            await ReadAsync(Model.LoadAsync);
            StateHasChanged();
        }
    }

    /// <summary>Replicas come, go and fall behind without a switch being thrown.</summary>
    private async Task TickAsync(CancellationToken leaving)
    {
        using var timer = new PeriodicTimer(ReadAgain, Time);
        while (await timer.WaitForNextTickAsync(leaving))
        {
            await ReadAsync(Model.FollowAsync);
            StateHasChanged();
        }
    }

    private static string Because(string reason) => reason.Length == 0 ? "" : $": “{reason}”";
}
