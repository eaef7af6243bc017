namespace SmsAi.Core.Features.ApiKeys;

/// <summary>How much one key may ask for.</summary>
public sealed class ApiLimitOptions
{
    public const string Section = "Api";

    /// <summary>Requests a key may make in a minute, on all replicas together; 0 is off.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        if (RequestsPerMinute is < 0 or > 1_000_000)
            yield return $"{Section}:RequestsPerMinute must be between 0 (off) and 1000000.";
    }
}
