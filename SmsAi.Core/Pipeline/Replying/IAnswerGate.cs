using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>Says whether a model call may start now, and cancels those in flight: a reading of the switches no older than 200 ms.</summary>
public interface IAnswerGate
{
    /// <summary>The word in queue.held_by for a text that a hold keeps, the same as the send gate's.</summary>
    const string Held = "hold";

    /// <summary>The switch that forbids a model call now ("kill", "pause", "ai", or "unknown" when the reading is too old), else null.</summary>
    string? ClosedBy { get; }

    /// <summary>Somebody holds this person, her tier, our number or all answers: no call starts for her text until the hold is lifted.</summary>
    bool IsHeld(Turn turn);

    /// <summary>Cancelled when model calls in flight must end; the caller disposes the registration when its call is over.</summary>
    ModelCallTicket Begin();
}

/// <summary>A model call in flight, counted for the receipt of a stop.</summary>
public sealed class ModelCallTicket(Action end, CancellationToken cancelled) : IDisposable
{
    public CancellationToken Cancelled { get; } = cancelled;

    public void Dispose() => end();
}
