namespace SmsAi.Tests.Journeys;

/// <summary>Journeys that measure times run one after another and beside nothing else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TimedJourneyCollection
{
    public const string Name = "Timed journeys";
}

/// <summary>Journeys over every page run one after another, beside the others.</summary>
[CollectionDefinition(Name)]
public sealed class PageJourneyCollection
{
    public const string Name = "Page journeys";
}

/// <summary>All other journeys run one after another, beside the tests that run no whole program.</summary>
[CollectionDefinition(Name)]
public sealed class JourneyCollection
{
    public const string Name = "Journeys";
}
