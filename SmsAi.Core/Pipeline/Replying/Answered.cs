using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Core.Pipeline.Replying;

/// <summary>What came of asking the model: a text to send, or an end of this run without one.</summary>
public abstract record Answered
{
    private Answered()
    {
    }

    public sealed record Text(Draft Draft) : Answered;

    /// <summary>Held by a switch, to be tried again, or given back at shutdown.</summary>
    public sealed record NotYet(Settlement End) : Answered;
}
