using SmsAi.Tests;
using SmsAi.Tests.Journeys;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace SmsAi.Tests;

/// <summary>Begins with the classes that take longest, so that none of them is left to run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>In the order they begin; what isn't named comes after them, by name.</summary>
    private static readonly string[] Long =
    [
        "Features.Auditing.ChainCheckTests", "Features.ApiKeys.ApiKeyVerbTests", "Platform.Starting.", "Platform.Embedded.", "Features.Access.", "Pipeline.",
        "Features.",
    ];

    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : notnull, ITestCollection =>
        [.. testCollections.OrderBy(collection => Place(collection)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place(ITestCollection collection)
    {
        if (collection.TestCollectionDisplayName is JourneyCollection.Name or PageJourneyCollection.Name)
            return -1;
        var place = Array.FindIndex(Long, name => collection.TestCollectionDisplayName.Contains("SmsAi.Tests." + name, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
