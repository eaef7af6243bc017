namespace SmsAi.Core.Pipeline.Routing;

/// <summary>What should happen to an inbound text.</summary>
public abstract record Route
{
    private Route()
    {
    }

    /// <summary>The model answers it.</summary>
    public sealed record Answer(string Category = "General") : Route;

    /// <summary>Nobody answers it; the text's row ends in this state for this reason (fixed words).</summary>
    public sealed record Silence(string State, string Why) : Route;
}
