using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Routing;

/// <summary>
/// Keywords get no answer of ours: the intake transaction has recorded them already, and the carrier confirms them.
/// An opt-in word of someone who had not opted out is an ordinary text ("yes").
/// </summary>
public sealed class OptOutRule : IRouteRule
{
    public Route? Decide(Turn turn) => (turn.ConsentChange, OptOutWords.Read(turn.Text, turn.OptOutType)) switch
    {
        ("out", _) or (_, OptOutWord.Stop) => new Route.Silence("opted_out", "stop_word"),
        ("in", _) => new Route.Silence("ignored", "start_word"),
        (_, OptOutWord.Start) when turn.OptOutType is not null => new Route.Silence("ignored", "start_word"),
        (_, OptOutWord.Help) => new Route.Silence("ignored", "help_word"),
        _ => null,
    };
}
