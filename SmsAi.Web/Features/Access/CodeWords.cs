using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>Says why a code was not taken.</summary>
internal static class CodeWords
{
    internal static string? Of(CodeVerdict verdict) => verdict switch
    {
        CodeVerdict.Right => null,
        CodeVerdict.Wrong { Left: null } => $"Too many tries. Wait up to {SignInTries.Wait.TotalMinutes:0} minutes, then try again.",
        CodeVerdict.Wrong { Left: { LockedUntil: not null } } => $"This code doesn't fit. No tries left: wait {SignInTries.Wait.TotalMinutes:0} minutes.",
        CodeVerdict.Wrong { Left: { Count: 1 } } => "This code doesn't fit, or was used before. 1 try left.",
        CodeVerdict.Wrong { Left: { Count: var count } } => $"This code doesn't fit, or was used before. {count} tries left.",
        _ => null,
    };
}
