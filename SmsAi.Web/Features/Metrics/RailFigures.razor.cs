using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Metrics;

namespace SmsAi.Web.Features.Metrics;

/// <summary>Follows the snapshot for as long as the screen is open; once a second is enough for a glance, and every screen has it.</summary>
public sealed partial class RailFigures : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _leaving = new();
    private OverviewSnapshot? _snapshot;

    [Inject] public required OverviewSource Source { get; init; }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override void OnInitialized() => _ = FollowAsync(_leaving.Token);

    private async Task FollowAsync(CancellationToken leaving)
    {
        try
        {
            await foreach (var snapshot in Source.WatchAsync(leaving))
            {
                if (snapshot.At - _snapshot?.At < Pace)
                    continue;
                _snapshot = snapshot;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The screen was closed.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }
}
