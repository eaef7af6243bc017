using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>Says that a password was wrong and how many tries are left.</summary>
internal static class TryWords
{
    internal static string Of(TriesLeft? left) => left switch
    {
        null => $"Too many tries. Wait up to {SignInTries.Wait.TotalMinutes:0} minutes, then try again.",
        { LockedUntil: not null } => $"This isn't your password. No tries left: wait {SignInTries.Wait.TotalMinutes:0} minutes.",
        { Count: 1 } => "This isn't your password. 1 try left.",
        { Count: var count } => $"This isn't your password. {count} tries left.",
    };
}
