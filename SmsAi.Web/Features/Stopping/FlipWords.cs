using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Says what was done to a switch and what came of it.</summary>
internal static class FlipWords
{
    internal static string What(Flip flip) => (flip.Name, flip.IsStopped, flip.Lasted) switch
    {
        (Switch.Kill, true, _) => "Stop all",
        (Switch.Pause, true, _) => "Pause",
        (Switch.Ai, true, _) => "Model off",
        (Switch.Ai, false, { } lasted) => $"Model on after {DurationText.Rough(lasted)}",
        (Switch.Ai, false, _) => "Model on",
        (_, false, { } lasted) => $"Resumed after {DurationText.Rough(lasted)}",
        (Switch.Kill, false, _) => "Resumed after the stop",
        _ => "Resumed after the pause",
    };

    internal static string? Came(Flip flip) => flip switch
    {
        { IsStopped: true, TookMs: { } took } => $"in {DurationText.Of(TimeSpan.FromMilliseconds(took))}",
        { Held: { } held } => $"{NumberText.Of(held)} held",
        _ => null,
    };
}
