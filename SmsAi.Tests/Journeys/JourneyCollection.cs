namespace SmsAi.Tests.Journeys;

/// <summary>Journeys that measure times run one after another and beside nothing else; all others beside the rest.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class JourneyCollection
{
    public const string Name = "Journeys";
}
