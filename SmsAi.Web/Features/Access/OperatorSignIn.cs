using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Web.Features.Access;

/// <summary>Checks e-mail and password and opens a session. Known and unknown e-mails get the same words after the same time.</summary>
internal sealed class OperatorSignIn(
    SignInManager<Operator> signIn, SignInTries tries, UnknownTries unknown, AddressThrottle addresses, OperatorSessions sessions, AccessAudit audit,
    TimeProvider time)
{
    /// <summary>Hides what remains of the difference between the branches below.</summary>
    private static readonly TimeSpan LeastDuration = TimeSpan.FromMilliseconds(400);

    /// <summary>Compared against when there is no account; made once, since making one takes as long as comparing.</summary>
    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<Operator>(
        Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = AccessServices.PasswordRounds }))
        .HashPassword(new Operator(), Guid.NewGuid().ToString()));

    public async Task<SignInOutcome> TryAsync(string email, string password, IPAddress address, CancellationToken cancel)
    {
        if (addresses.WaitFor(address) is { } wait)
            return new SignInOutcome.Refused($"Too many tries from this address. Wait {Minutes(wait)} min.");

        var started = time.GetTimestamp();
        var outcome = await CheckAsync(email.Trim(), password, address, cancel);
        if (outcome is not SignInOutcome.SignedIn)
        {
            addresses.NoteFailure(address);
            var left = LeastDuration - time.GetElapsedTime(started);
            if (left > TimeSpan.Zero) await Task.Delay(left, cancel);
        }

        return outcome;
    }

    private async Task<SignInOutcome> CheckAsync(string email, string password, IPAddress address, CancellationToken cancel)
    {
        var account = await signIn.UserManager.FindByEmailAsync(email);
        var left = account is null ? unknown.Count(email) : await tries.CountAsync(account.Id, cancel);
        var holds = Holds(account, password) && left is not null && account is { IsDisabled: false };
        if (!holds)
        {
            await audit.RefusedAsync(account, isLocked: left is null or { LockedUntil: not null }, address, cancel);
            return new SignInOutcome.Refused(Words(left));
        }

        await tries.ForgetAsync(account!.Id, cancel);
        await OpenAsync(account, address, cancel);
        return new SignInOutcome.SignedIn();
    }

    private bool Holds(Operator? account, string password) =>
        signIn.UserManager.PasswordHasher.VerifyHashedPassword(account ?? new Operator(), account?.PasswordHash ?? NobodysHash.Value, password)
            != PasswordVerificationResult.Failed
        && account?.PasswordHash is not null;

    private async Task OpenAsync(Operator account, IPAddress address, CancellationToken cancel)
    {
        var session = SessionClaims.New(time.GetUtcNow());
        var agent = signIn.Context.Request.Headers.UserAgent.ToString();
        await sessions.OpenAsync(new(session[1].Value, account.Id, address, agent, HasShownFactor: false, MustEnrol: false), cancel);
        await signIn.SignInWithClaimsAsync(account, new AuthenticationProperties { IsPersistent = false, AllowRefresh = true }, session);
        await audit.SignedInAsync(account, (await signIn.UserManager.GetRolesAsync(account)).FirstOrDefault() ?? "", address, session[1].Value, cancel);
    }

    private static string Words(TriesLeft? left) => left switch
    {
        null => $"Too many tries. Wait up to {SignInTries.Wait.TotalMinutes:0} minutes, then try again.",
        { LockedUntil: not null } => $"E-mail and password don't match. No tries left: wait {SignInTries.Wait.TotalMinutes:0} minutes.",
        { Count: 1 } => $"E-mail and password don't match. 1 try left, then a {SignInTries.Wait.TotalMinutes:0} minute wait.",
        { Count: var count } => $"E-mail and password don't match. {count} tries left, then a {SignInTries.Wait.TotalMinutes:0} minute wait.",
    };

    private static int Minutes(TimeSpan wait) => (int)Math.Ceiling(wait.TotalMinutes);
}
