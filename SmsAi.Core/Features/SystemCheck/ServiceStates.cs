namespace SmsAi.Core.Features.SystemCheck;

/// <summary>One service this replica stands on: whether it answers, since when, how quickly, and what it said when it last failed.</summary>
public sealed record ServiceState(string Name, string State, DateTimeOffset Since, TimeSpan? Latency = null, string? LastError = null, DateTimeOffset? LastErrorAt = null)
{
    public const string Up = "up";
    public const string Down = "down";

    /// <summary>Not configured, which is a choice and no fault.</summary>
    public const string Off = "off";

    /// <summary>Not asked yet.</summary>
    public const string Unknown = "unknown";
}

/// <summary>Remembers what this replica last heard from each service; a state's moment stays while it stays.</summary>
public sealed class ServiceStates(TimeProvider clock)
{
    public const string Database = "database";
    public const string Redis = "redis";
    public const string Twilio = "twilio";
    public const string OpenAi = "openai";

    public static IReadOnlyList<string> Names { get; } = [Database, Redis, Twilio, OpenAi];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServiceState> _states = [];

    public IReadOnlyList<ServiceState> All
    {
        get { lock (_gate) return [.. Names.Select(Of)]; }
    }

    /// <summary>What was heard just now.</summary>
    /// <param name="error">What it said instead of an answer, without secrets; only when it is down.</param>
    public void Note(string name, string state, TimeSpan? latency = null, string? error = null)
    {
        lock (_gate)
        {
            var (before, now) = (Of(name), clock.GetUtcNow());
            _states[name] = before with
            {
                State = state,
                Since = before.State == state ? before.Since : now,
                Latency = state == ServiceState.Up ? latency ?? before.Latency : null,
                LastError = error ?? before.LastError,
                LastErrorAt = error is null ? before.LastErrorAt : now,
            };
        }
    }

    private ServiceState Of(string name)
    {
        if (!_states.TryGetValue(name, out var known))
            _states[name] = known = new ServiceState(name, ServiceState.Unknown, clock.GetUtcNow());
        return known;
    }
}
