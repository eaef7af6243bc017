using Microsoft.AspNetCore.Components;
using Npgsql;
using Radzen;
using SmsAi.Core.Features.Stopping;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Stopping;

/// <summary>The switches, what they stop, who changed them, and the proof that they work.</summary>
public sealed partial class ControlsPage : IDisposable
{
    private const int ChangesShown = 12;
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _leaving = new();

    private RailModel? _seen;
    private SwitchState? _switches;
    private IReadOnlyList<Flip>? _flips;
    private IReadOnlyList<ReplicaView> _replicas = [];
    private IReadOnlyList<PauseSchedule>? _schedules;
    private StopEvidence _evidence = StopEvidence.None;

    [CascadingParameter] public required RailModel Rail { get; set; }

    [Inject] public required StopSwitches Switches { get; init; }

    [Inject] public required RecentFlips Recent { get; init; }

    [Inject] public required StopChecks Checks { get; init; }

    [Inject] public required PauseSchedules Scheduled { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override void OnInitialized() => _ = FollowAsync(_leaving.Token);

    /// <summary>The rail is renewed whenever a switch moved.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_seen, Rail)) return;
        _seen = Rail;
        await ReadAsync(_leaving.Token);
    }

    /// <summary>Replicas come, go and fall behind without a switch being thrown.</summary>
    private async Task FollowAsync(CancellationToken leaving)
    {
        try
        {
            using var timer = new PeriodicTimer(ReadAgain, Time);
            while (await timer.WaitForNextTickAsync(leaving))
            {
                await ReadAsync(leaving);
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        try
        {
            _switches = await Switches.ReadAsync(cancel);
            _flips = await Recent.NewestAsync(ChangesShown, cancel);
            _replicas = await Recent.ReplicasAsync(cancel);
            _schedules = await Scheduled.ReadAsync(cancel);
            _evidence = await Checks.ReadAsync(cancel);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            // The last reading stays; the rail says that the database doesn't answer.
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The page was left.
        }
    }

    private static string Because(string reason) => reason.Length == 0 ? "" : $": “{reason}”";
}
