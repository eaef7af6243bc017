using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>How a key's state and scopes are said.</summary>
public static class ApiKeyWords
{
    /// <summary>From here on a key's end is worth a thought.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public static StateWord State(ApiKeyState state) => state switch
    {
        ApiKeyState.Active => new("Works", IconName.Check, Tone.None),
        ApiKeyState.Replaced => new("Replaced", IconName.Clock, Tone.Warn),
        ApiKeyState.Expired => new("Expired", IconName.Clock, Tone.None),
        ApiKeyState.Revoked => new("Revoked", IconName.Blocked, Tone.None),
        _ => new("Maker gone", IconName.Blocked, Tone.Warn),
    };

    /// <summary>The sentence behind the word.</summary>
    public static string Why(ApiKey key, ApiKeyState state) => state switch
    {
        ApiKeyState.Active => "Programs that send it are let in.",
        ApiKeyState.Replaced => $"Key {key.ReplacedBy} came in its place; it works until it expires.",
        ApiKeyState.Expired => "Its day has come.",
        ApiKeyState.Revoked => $"Revoked by {key.RevokedBy}.",
        _ => $"{key.CreatedBy} may make such keys no longer, so this one works no longer. Rotate it to make it yours.",
    };

    public static string Scope(string scope) => scope switch
    {
        Scopes.Read => "Read figures, switches and people",
        Scopes.Users => "Move and block people",
        Scopes.Stop => "Kill and pause",
        Scopes.Resume => "Resume",
        Scopes.Audit => "Read and verify the audit trail",
        _ => scope,
    };
}
