namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>Where a stage hands over a leased turn: the road begins it at once, in memory, in a slot already taken.</summary>
public interface ITurnStarter
{
    void Start(Turn turn);
}
