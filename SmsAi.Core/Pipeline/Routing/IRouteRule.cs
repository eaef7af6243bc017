using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Routing;

/// <summary>One rule about inbound texts; the first that decides wins, and none deciding means the model answers.</summary>
public interface IRouteRule
{
    Route? Decide(Turn turn);
}
