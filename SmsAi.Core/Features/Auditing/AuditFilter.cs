namespace SmsAi.Core.Features.Auditing;

/// <summary>Which lines of the trail are wanted.</summary>
public sealed record AuditFilter
{
    public required DateTimeOffset From { get; init; }

    /// <summary>Before this moment; null: up to now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Who acted, by the exact name.</summary>
    public string? Actor { get; init; }

    /// <summary>The act's fixed word.</summary>
    public string? Action { get; init; }

    /// <summary>Part of a reason or a resource, a person's alias, or the whole of a row number, a session or a correlation id.</summary>
    public string? Search { get; init; }
}
