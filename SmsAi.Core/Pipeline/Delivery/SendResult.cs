namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// What became of one attempt to hand a text over. The decision that matters is whether it may be tried again:
/// only <see cref="Throttled"/> and <see cref="NotSent"/> are safe, <see cref="Uncertain"/> must be looked up first.
/// </summary>
public abstract record SendResult
{
    private SendResult() { }

    /// <summary>The carrier took it.</summary>
    /// <param name="Segments">Zero when a Messaging Service has not picked a sender yet.</param>
    /// <param name="PriceMicros">In micro-dollars; null until it is billed, or when it is billed in another currency.</param>
    public sealed record Accepted(string Sid, string CarrierStatus, int Segments, long? PriceMicros) : SendResult;

    /// <summary>Too fast, not processed: wait and try again; it costs no attempt.</summary>
    public sealed record Throttled(TimeSpan RetryAfter, int Code) : SendResult;

    /// <summary>Refused for good; the code says what follows for the recipient, the sender or the text.</summary>
    public sealed record Refused(int Code, string Message) : SendResult;

    /// <summary>Our account, key or settings are wrong: hold everything and tell an administrator. The text itself has not failed.</summary>
    public sealed record ConfigurationFault(int Code, string Message) : SendResult;

    /// <summary>Not one byte of it left this process: trying again is safe.</summary>
    public sealed record NotSent(string Reason) : SendResult;

    /// <summary>It waited for a connection until its last moment had passed, and not one byte of it left: whether it may still go must be asked anew.</summary>
    public sealed record TooLate : SendResult;

    /// <summary>It may or may not have been taken; the carrier's list is asked before it is sent again.</summary>
    public sealed record Uncertain(string Reason) : SendResult;
}
