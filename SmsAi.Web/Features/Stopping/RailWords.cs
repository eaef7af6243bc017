using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Turns the switches and a receipt into what the rail says.</summary>
internal static class RailWords
{
    internal static RailModel Apply(RailModel before, SwitchState state, StopReceipt? receipt, IReadOnlyList<string> troubles)
    {
        var active = state.IsKilled ? state.Kill : state.IsPaused ? state.Pause : null;
        return before with
        {
            Condition = state.IsKilled ? ServiceCondition.Stopped : state.IsPaused ? ServiceCondition.Paused : ServiceCondition.Live,
            Ver = active?.Ver ?? 0,
            Since = active?.At,
            Until = active?.Until,
            By = active?.By ?? "",
            Reason = active?.Reason ?? "",
            AutoAnswer = active?.AutoAnswer,
            Held = (int)(receipt?.Held ?? 0),
            SentSince = (int)(receipt?.SentSince ?? 0),
            Confirmed = (int)(receipt?.ReplicasConfirmed ?? 0),
            Replicas = receipt?.ReplicasExpected ?? 0,
            AiOffSince = state.Ai.IsStopped ? state.Ai.At : null,
            Troubles = before.Troubles.SequenceEqual(troubles) ? before.Troubles : troubles,
        };
    }

    internal static string Of(CarrierTrouble trouble) => trouble switch
    {
        CarrierTrouble.RefusesAccount => "The carrier refuses our account, texts wait",
        _ => "The carrier can't be reached, texts wait",
    };

    /// <summary>The last minutes, oldest first: one nobody checked in is missed, but for those before the first check and the running one.</summary>
    internal static IReadOnlyList<Heartbeat> Beats(StopEvidence evidence, DateTimeOffset now, int most)
    {
        if (evidence.Minutes.Count == 0) return [];
        var known = evidence.Minutes.ToDictionary(minute => minute.At);
        var running = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, TimeSpan.Zero);
        var last = known.ContainsKey(running) ? running : running.AddMinutes(-1);
        var count = Math.Clamp((int)(last - evidence.Minutes[0].At).TotalMinutes + 1, 0, most);
        return [.. Enumerable.Range(0, count).Select(back => known.GetValueOrDefault(last.AddMinutes(back - count + 1))).Select(Beat)];
    }

    private static Heartbeat Beat(StopMinute? minute) => minute switch
    {
        null => Heartbeat.Missed,
        _ when minute.Held < minute.Checks => Heartbeat.Missed,
        { IsInTime: true } => Heartbeat.InTime,
        _ => Heartbeat.Late,
    };
}
