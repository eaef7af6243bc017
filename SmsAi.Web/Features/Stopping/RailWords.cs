using SmsAi.Core.Features.Stopping;
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
}
