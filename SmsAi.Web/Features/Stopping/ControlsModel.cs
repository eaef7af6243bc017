using SmsAi.Core.Features.Stopping;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Everything the page of the controls shows, read together.</summary>
public sealed class ControlsModel(
    StopSwitches switches, RecentFlips recent, StopChecks checks, PauseSchedules schedules, Holds holds, BlockedNumbers blocked)
{
    private const int ChangesShown = 5;
    private const int BlockedShown = 6;

    /// <summary>Null before the first reading.</summary>
    public SwitchState? Switches { get; private set; }

    public IReadOnlyList<Flip>? Flips { get; private set; }

    public IReadOnlyList<ReplicaView> Replicas { get; private set; } = [];

    public StopEvidence Evidence { get; private set; } = StopEvidence.None;

    public IReadOnlyList<PauseSchedule>? Schedules { get; private set; }

    public IReadOnlyList<Hold>? Holds { get; private set; }

    public BlockedWindow? Blocked { get; private set; }

    public async Task LoadAsync(CancellationToken cancel)
    {
        await FollowAsync(cancel);
        Schedules = await schedules.ReadAsync(cancel);
        Blocked = await blocked.ReadAsync(null, null, BlockedShown, cancel);
        Flips = await recent.NewestAsync(ChangesShown, cancel);
        Switches = await switches.ReadAsync(cancel);
    }

    /// <summary>What moves though nobody acts: replicas, proofs, and what waits behind a hold.</summary>
    public async Task FollowAsync(CancellationToken cancel)
    {
        Replicas = await recent.ReplicasAsync(cancel);
        Evidence = await checks.ReadAsync(cancel);
        Holds = await holds.ReadAsync(cancel);
    }
}
