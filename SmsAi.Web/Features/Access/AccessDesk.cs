using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;

namespace SmsAi.Web.Features.Access;

/// <summary>Shows and changes everyone's accounts for the operator of this screen, after asking whether she may: a button that shows is no right.</summary>
public sealed class AccessDesk(Accounts accounts, Invitations invitations, OperatorSessions sessions, ActingOperator me)
{
    /// <summary>Who looks: rows of her own, or above her, offer less.</summary>
    public Task<Actor> MeAsync() => ActorAsync();

    public async Task<AccountWindow> PageAsync(AccountFilter filter, AccountPlace? place, int size, CancellationToken cancel)
    {
        await ActorAsync();
        return await accounts.PageAsync(filter, place, size, SessionRules.Idle, SessionRules.InAll, cancel);
    }

    public async Task<AccountLine?> FindAsync(long account, CancellationToken cancel)
    {
        await ActorAsync();
        return await accounts.FindAsync(account, SessionRules.Idle, SessionRules.InAll, cancel);
    }

    public async Task<IReadOnlyList<SessionLine>> SessionsOfAsync(long account, CancellationToken cancel)
    {
        await ActorAsync();
        return await sessions.OfAsync(account, SessionRules.Idle, SessionRules.InAll, cancel);
    }

    public async Task<IReadOnlyList<InvitationLine>> InvitationsAsync(CancellationToken cancel)
    {
        await ActorAsync();
        return await invitations.ListAsync(cancel);
    }

    public async Task<string?> InviteAsync(string role, string label, CancellationToken cancel) => await invitations.MakeAsync(role, label, await ActorAsync(), cancel);

    public async Task<bool> TakeBackAsync(long invitation, CancellationToken cancel) => await invitations.TakeBackAsync(invitation, await ActorAsync(), cancel);

    public async Task<AccountOutcome> ChangeRoleAsync(long account, RoleChange change, CancellationToken cancel) =>
        await accounts.ChangeRoleAsync(account, change, await ActorAsync(), cancel);

    public async Task<AccountOutcome> LockAsync(long account, CancellationToken cancel) => await accounts.LockAsync(account, await ActorAsync(), cancel);

    public async Task<AccountOutcome> UnlockAsync(long account, CancellationToken cancel) => await accounts.UnlockAsync(account, await ActorAsync(), cancel);

    public async Task<AccountOutcome> RemoveAsync(long account, CancellationToken cancel) => await accounts.RemoveAsync(account, await ActorAsync(), cancel);

    public async Task<AccountOutcome> ResetFactorAsync(long account, CancellationToken cancel) => await accounts.ResetFactorAsync(account, await ActorAsync(), cancel);

    public async Task<AccountOutcome> EndSessionsAsync(long account, string? only, CancellationToken cancel) =>
        await accounts.EndSessionsAsync(account, only, await ActorAsync(), cancel);

    private Task<Actor> ActorAsync() => me.ActorAsync(Rights.CanAdminister);
}
