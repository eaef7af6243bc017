using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>A key as lists show it.</summary>
public sealed record ApiKey
{
    public required long Id { get; init; }

    public required string Prefix { get; init; }

    public required string Name { get; init; }

    public required string Role { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>To the minute; null when it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    /// <summary>The prefix of the key that came in its place.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>False when whoever made it was disabled, left, or may no longer make such keys.</summary>
    public required bool HasMaker { get; init; }

    public ApiKeyState StateAt(DateTimeOffset now) => this switch
    {
        { RevokedAt: not null } => ApiKeyState.Revoked,
        _ when ExpiresAt <= now => ApiKeyState.Expired,
        { HasMaker: false } => ApiKeyState.MakerGone,
        { ReplacedBy: not null } => ApiKeyState.Replaced,
        _ => ApiKeyState.Active,
    };
}

/// <summary>What has become of a key.</summary>
public enum ApiKeyState
{
    Active,

    /// <summary>Another came in its place; it works until it expires.</summary>
    Replaced,

    Expired,
    Revoked,

    /// <summary>It stopped working with its maker's account or role.</summary>
    MakerGone,
}

/// <summary>The key somebody wants.</summary>
/// <param name="Scopes">Null: all that the role's keys may have.</param>
public sealed record ApiKeyOrder(string Name, string Role, TimeSpan Lifetime, IReadOnlyList<string>? Scopes = null)
{
    public const int LongestName = 60;
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    /// <summary>What is wrong with it, by field: name, role, expires, scopes.</summary>
    public IReadOnlyDictionary<string, string> Faults()
    {
        var faults = new Dictionary<string, string>();
        if (Name.Trim() is { Length: 0 or > LongestName } || Name.Any(char.IsControl))
            faults["name"] = $"Give it a name of 1 to {LongestName} characters, such as the program that will use it.";
        if (!Platform.Access.Scopes.OfRole.TryGetValue(Role, out var most))
            faults["role"] = $"There is no role '{Role}'. There are {string.Join(", ", OperatorRoles.FromMightiest)}.";
        else if (Scopes is { Count: 0 } || Scopes?.Except(most).FirstOrDefault() is not null)
            faults["scopes"] = $"A key of role {Role} may have these: {string.Join(", ", most)}. Name at least one.";
        if (Lifetime < TimeSpan.FromDays(1) || Lifetime > LongestLifetime)
            faults["expires"] = "A key lives for 1 to 365 days.";
        return faults;
    }
}

/// <summary>A key just made, with the only copy of its secret.</summary>
public sealed record MadeApiKey(long Id, string Prefix, string Text, DateTimeOffset ExpiresAt);
