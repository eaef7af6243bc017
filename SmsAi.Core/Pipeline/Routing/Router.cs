using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Routing;

/// <summary>Asks the rules in their order of registration.</summary>
public sealed class Router(IEnumerable<IRouteRule> rules)
{
    private readonly IRouteRule[] _rules = [.. rules];

    public Route Decide(Turn turn)
    {
        foreach (var rule in _rules)
        {
            if (rule.Decide(turn) is { } route)
                return route;
        }

        return new Route.Answer();
    }
}
