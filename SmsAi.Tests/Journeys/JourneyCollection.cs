namespace SmsAi.Tests.Journeys;

/// <summary>Journeys run one after another and beside nothing else: some measure times, and each runs the whole program.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class JourneyCollection
{
    public const string Name = "Journeys";
}
