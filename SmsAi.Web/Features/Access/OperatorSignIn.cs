using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Web.Features.Access;

/// <summary>Checks e-mail and password, then the code of whoever has a second factor, and opens a session. Known and unknown e-mails get the same words after the same time.</summary>
internal sealed class OperatorSignIn(
    SignInManager<Operator> signIn, SignInTries tries, UnknownTries unknown, SignInGate gate, AddressThrottle addresses, SecondFactors factors, SignInTickets tickets,
    OperatorSessions sessions, AccessAudit audit, IOptions<AccessOptions> options, TimeProvider time)
{
    private const string PasswordAlone = "password";

    /// <summary>Hides what remains of the difference between the branches below.</summary>
    private static readonly TimeSpan LeastDuration = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan UntilLessCome = TimeSpan.FromSeconds(5);

    /// <summary>Compared against when there is no account; made once, since making one takes as long as comparing.</summary>
    private static readonly Lazy<string> NobodysHash = new(() => new PasswordHasher<Operator>(
        Options.Create(new PasswordHasherOptions { IterationCount = AccessServices.PasswordRounds }))
        .HashPassword(new Operator(), Guid.NewGuid().ToString()));

    public async Task<SignInOutcome> TryAsync(string email, string password, IPAddress address, CancellationToken cancel)
    {
        if (WaitFor(address) is { } wait) return wait;
        var started = time.GetTimestamp();
        var outcome = await CheckAsync(email.Trim(), password, address, cancel);
        if (outcome is SignInOutcome.Refused)
        {
            await NoteFailureAsync(address);
            var left = LeastDuration - time.GetElapsedTime(started);
            if (left > TimeSpan.Zero) await Task.Delay(left, cancel);
        }

        return outcome;
    }

    /// <summary>Why this address must wait; null when it may try.</summary>
    public SignInOutcome.MustWait? WaitFor(IPAddress address) =>
        addresses.WaitFor(address) is { } wait ? new($"Too many tries from this address. Wait {(int)Math.Ceiling(wait.TotalMinutes)} min.", wait) : null;

    /// <summary>Counts for the address; the trail says once that it waits, whether or not the caller stays for the answer.</summary>
    public async Task NoteFailureAsync(IPAddress address)
    {
        if (addresses.NoteFailure(address)) await audit.AddressWaitsAsync(address, AddressThrottle.Window, CancellationToken.None);
    }

    /// <summary>A passkey was right: password and code in one.</summary>
    public Task<SignInOutcome> OpenByPasskeyAsync(Operator account, IPAddress address, CancellationToken cancel) =>
        OpenAsync(account, "passkey", address, cancel);

    public async Task NoteRefusedPasskeyAsync(Operator? account, IPAddress address, CancellationToken cancel)
    {
        await audit.RefusedAsync(account, isLocked: account?.IsDisabled == true, address, cancel);
        await NoteFailureAsync(address);
    }

    /// <summary>The second step of whoever has a second factor: the ticket says that the password was right.</summary>
    public async Task<SignInOutcome> TryCodeAsync(string ticket, string code, IPAddress address, CancellationToken cancel)
    {
        if (WaitFor(address) is { } wait) return wait;
        if (tickets.OperatorOf(ticket) is not { } named || await signIn.UserManager.FindByIdAsync(named) is not { IsDisabled: false } account
            || !tickets.Fits(ticket, account))
            return new SignInOutcome.Expired();

        var verdict = await factors.CheckAsync(account.Id, code, cancel);
        if (verdict is CodeVerdict.Right right)
            return await OpenAsync(account, right.RecoveryCodesLeft is null ? "code" : "recovery code", address, cancel);
        await audit.RefusedAsync(account, isLocked: verdict is CodeVerdict.Wrong { Left: null or { LockedUntil: not null } }, address, cancel);
        await NoteFailureAsync(address);
        return new SignInOutcome.Refused(CodeWords.Of(verdict)!);
    }

    private async Task<SignInOutcome> CheckAsync(string email, string password, IPAddress address, CancellationToken cancel)
    {
        if (await LookAsync(email, password, cancel) is not var (account, left, holds))
            return new SignInOutcome.MustWait("Too many are signing in at this moment. Try again in a few seconds.", UntilLessCome);
        if (!holds)
        {
            await audit.RefusedAsync(account, isLocked: left is null or { LockedUntil: not null }, address, cancel);
            return new SignInOutcome.Refused(Words(left));
        }

        if (account!.TwoFactorEnabled)
        {
            await tries.TakeBackAsync(account.Id, left!.Value, cancel);
            return new SignInOutcome.NeedsCode(tickets.For(account));
        }

        await tries.ForgetAsync(account.Id, cancel);
        return await OpenAsync(account, PasswordAlone, address, cancel);
    }

    /// <summary>Whose e-mail it is, how many tries are left, and whether the password opens; null when too many wait to be looked at, and no try is counted.</summary>
    private async Task<(Operator? Account, TriesLeft? Left, bool Holds)?> LookAsync(string email, string password, CancellationToken cancel)
    {
        using var place = await gate.EnterAsync(cancel);
        if (!place.IsAcquired) return null;
        // The database takes no zero byte, and no address holds a control character.
        var account = email.Any(char.IsControl) ? null : await signIn.UserManager.FindByEmailAsync(email);
        var left = account is null ? await unknown.CountAsync(email, cancel) : await tries.CountAsync(account.Id, cancel);
        return (account, left, Holds(account, password) && left is not null && account is { IsDisabled: false });
    }

    private bool Holds(Operator? account, string password) =>
        signIn.UserManager.PasswordHasher.VerifyHashedPassword(account ?? new Operator(), account?.PasswordHash ?? NobodysHash.Value, password)
            != PasswordVerificationResult.Failed
        && account?.PasswordHash is not null;

    private async Task<SignInOutcome> OpenAsync(Operator account, string by, IPAddress address, CancellationToken cancel)
    {
        var role = (await signIn.UserManager.GetRolesAsync(account)).FirstOrDefault() ?? "";
        var session = SessionClaims.New(time.GetUtcNow());
        var agent = signIn.Context.Request.Headers.UserAgent.ToString();
        var mustEnrol = !account.TwoFactorEnabled && options.Value.DemandsFactor(role);
        await sessions.OpenAsync(new(session[1].Value, account.Id, address, agent, HasShownFactor: by != PasswordAlone, mustEnrol), cancel);
        await signIn.SignInWithClaimsAsync(account, new AuthenticationProperties { IsPersistent = false, AllowRefresh = true }, session);
        await audit.SignedInAsync(account, role, by, address, session[1].Value, cancel);
        return new SignInOutcome.SignedIn(mustEnrol);
    }

    private static string Words(TriesLeft? left) => left switch
    {
        null => $"Too many tries. Wait up to {SignInTries.Wait.TotalMinutes:0} minutes, then try again.",
        { LockedUntil: not null } => $"E-mail and password don't match. No tries left: wait {SignInTries.Wait.TotalMinutes:0} minutes.",
        { Count: 1 } => $"E-mail and password don't match. 1 try left, then a {SignInTries.Wait.TotalMinutes:0} minute wait.",
        { Count: var count } => $"E-mail and password don't match. {count} tries left, then a {SignInTries.Wait.TotalMinutes:0} minute wait.",
    };
}
