namespace SmsAi.Core.Pipeline.Replying;

/// <summary>What became of one question to the model.</summary>
public abstract record ModelResult
{
    private ModelResult() { }

    /// <summary>The call's number at the service, for its support; null when no answer came.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long the call took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>An answer with text.</summary>
    /// <param name="Model">The dated model that answered, which may differ from the one asked for.</param>
    /// <param name="FinishReason"><c>stop</c>, or <c>length</c> when the limit of tokens cut it.</param>
    public sealed record Answer(string Text, string Model, ModelUsage Usage, string FinishReason) : ModelResult;

    /// <summary>It answered without a text, and the tokens cost all the same; a reasoning model may spend its whole limit on thinking.</summary>
    public sealed record Empty(string Model, ModelUsage Usage, string FinishReason) : ModelResult;

    /// <summary>It refused to answer this text.</summary>
    public sealed record ContentFiltered(string Model, ModelUsage Usage) : ModelResult;

    /// <summary>Busy, away or too slow: a later try may succeed.</summary>
    /// <param name="RetryAfter">What the service asked for; null when it said nothing.</param>
    /// <param name="IsThrottled">The service said "too fast", which costs the message no attempt.</param>
    public sealed record RetryLater(string Reason, TimeSpan? RetryAfter, bool IsThrottled) : ModelResult;

    /// <summary>Trying again is pointless until somebody changes something.</summary>
    public sealed record Broken(ModelFault Fault, string Reason) : ModelResult;

    /// <summary>We were told to stop.</summary>
    public sealed record Cancelled : ModelResult;
}

/// <summary>What is wrong when a question can't succeed.</summary>
public enum ModelFault
{
    /// <summary>The key is wrong or may not do this.</summary>
    Credentials,

    /// <summary>There is no such model or address.</summary>
    Model,

    /// <summary>The account has no money left.</summary>
    Quota,

    /// <summary>This one request was refused, for example as too long; others may succeed.</summary>
    Request,
}
