using System.Globalization;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>An operator's account, as the list shows it.</summary>
/// <param name="WaitsUntil">Too many wrong tries: she waits until then.</param>
public sealed record AccountLine(
    long Id, string Name, string Email, string Role, bool HasFactor, bool IsLocked, DateTimeOffset? WaitsUntil, DateTimeOffset Since, DateTimeOffset? SeenAt,
    long Sessions);

/// <summary>Another role for an account; <paramref name="From"/> is the one it was seen with, null where nobody looked.</summary>
public sealed record RoleChange(string To, string? From = null);

/// <summary>
/// Everyone's accounts: role, lock, second factor, sessions. Each act is one transaction with its line of the audit trail, asks for the right
/// as it stands at that moment, and ends the sessions of whoever may do less afterwards.
/// </summary>
public sealed partial class Accounts(Databases databases, OperatorSessions sessions, TimeProvider time)
{
    /// <summary>Gives an account another role, if it still has the one it was seen with. Asks for a fresh second factor.</summary>
    public Task<AccountOutcome> ChangeRoleAsync(long account, RoleChange change, Actor actor, CancellationToken cancel)
    {
        var role = change.To;
        if (!OperatorRoles.FromMightiest.Contains(role)) throw new ArgumentException("There is no such role.", nameof(change));
        return ActAsync(account, "access.role", actor, isDangerous: true, async act =>
        {
            if (change.From is { } seen && seen != act.Target.Role && role != act.Target.Role) return (AccountOutcome.ChangedMeanwhile, null);
            if (AccountRules.OfRole(act.ActorRole, act.IsSelf, act.Target.Role, role, await act.OwnersBesideAsync()) is not AccountOutcome.Done and var refusal)
                return (refusal, null);
            await act.RunAsync(AccountSql.LeaveRole);
            await act.RunAsync(AccountSql.TakeRole, role);
            await act.RunAsync(AccountSql.NewStamp);
            if (!Rights.Roles[Rights.CanAdminister].Contains(role)) await act.RunAsync(AccountSql.TakeBackInvitations);
            else if (role != OperatorRoles.Owner) await act.RunAsync(AccountSql.TakeBackInvitationsOfOwners);
            return (AccountOutcome.Done, new { before = new { role = act.Target.Role }, after = new { role }, sessions_ended = await act.EndSessionsAsync() });
        }, cancel);
    }

    /// <summary>Keeps somebody out from now on. In a hurry nothing more is asked.</summary>
    public Task<AccountOutcome> LockAsync(long account, Actor actor, CancellationToken cancel) =>
        ActAsync(account, "access.lock", actor, isDangerous: false, async act =>
        {
            if (act.Target.IsLocked) return (AccountOutcome.NothingToDo, null);
            if (AccountRules.OfShuttingOut(act.ActorRole, act.IsSelf, act.Target.Role, await act.OwnersBesideAsync()) is not AccountOutcome.Done and var refusal)
                return (refusal, null);
            await act.RunAsync(AccountSql.Lock);
            return (AccountOutcome.Done, new { before = new { locked = false }, after = new { locked = true }, sessions_ended = await act.EndSessionsAsync() });
        }, cancel);

    /// <summary>Lets somebody in again, also before the wait for wrong tries is over. Asks for a fresh second factor.</summary>
    public Task<AccountOutcome> UnlockAsync(long account, Actor actor, CancellationToken cancel) =>
        ActAsync(account, "access.unlock", actor, isDangerous: true, async act =>
        {
            if (AccountRules.OfTouching(act.ActorRole, act.Target.Role) is not AccountOutcome.Done and var refusal) return (refusal, null);
            if (act.Target is { IsLocked: false, WaitsUntil: null }) return (AccountOutcome.NothingToDo, null);
            await act.RunAsync(AccountSql.Unlock);
            return (AccountOutcome.Done, new { before = new { locked = act.Target.IsLocked, waiting = act.Target.WaitsUntil > time.GetUtcNow() }, after = new { locked = false, waiting = false } });
        }, cancel);

    /// <summary>Removes an account for good; the audit trail keeps its name. Asks for a fresh second factor.</summary>
    public Task<AccountOutcome> RemoveAsync(long account, Actor actor, CancellationToken cancel) =>
        ActAsync(account, "access.remove", actor, isDangerous: true, async act =>
        {
            if (AccountRules.OfShuttingOut(act.ActorRole, act.IsSelf, act.Target.Role, await act.OwnersBesideAsync()) is not AccountOutcome.Done and var refusal)
                return (refusal, null);
            await act.RunAsync(AccountSql.Remove);
            return (AccountOutcome.Done, new { before = new { name = act.Target.Name, role = act.Target.Role }, after = new { removed = true } });
        }, cancel);

    /// <summary>Takes off the second factor of somebody who lost it. Asks for a fresh one of the actor.</summary>
    public Task<AccountOutcome> ResetFactorAsync(long account, Actor actor, CancellationToken cancel) =>
        ActAsync(account, "access.factor_reset", actor, isDangerous: true, async act =>
        {
            if (AccountRules.OfTouching(act.ActorRole, act.Target.Role) is not AccountOutcome.Done and var refusal) return (refusal, null);
            if (!act.Target.HasFactor) return (AccountOutcome.NothingToDo, null);
            await SecondFactors.RemoveAsync(act.Connection, account, cancel);
            return (AccountOutcome.Done, new { before = new { factor = true }, after = new { factor = false }, sessions_ended = await act.EndSessionsAsync() });
        }, cancel);

    /// <summary>Ends one session of somebody, or all of them.</summary>
    public Task<AccountOutcome> EndSessionsAsync(long account, string? only, Actor actor, CancellationToken cancel) =>
        ActAsync(account, "access.sessions_ended", actor, isDangerous: false, async act =>
        {
            if (AccountRules.OfTouching(act.ActorRole, act.Target.Role) is not AccountOutcome.Done and var refusal) return (refusal, null);
            var ended = only is null ? await act.EndSessionsAsync() : await sessions.EndAsync(act.Connection, only, account, cancel) ? 1 : 0;
            return ended == 0 ? (AccountOutcome.NothingToDo, null) : (AccountOutcome.Done, new { sessions_ended = ended });
        }, cancel);

    private async Task<AccountOutcome> ActAsync(
        long account, string action, Actor actor, bool isDangerous, Func<AccountAct, Task<(AccountOutcome Outcome, object? Metadata)>> effectAsync, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var role = await AccountAct.AdministeringAsync(connection, actor, isDangerous, cancel);
        if (await AccountAct.FindAsync(connection, account, cancel) is not { } target) return AccountOutcome.Gone;
        var (outcome, metadata) = await effectAsync(new AccountAct(connection, sessions, account, target, role, actor.Id == account, cancel));
        if (outcome != AccountOutcome.Done) return outcome;
        var resource = string.Create(CultureInfo.InvariantCulture, $"operator:{account}");
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, action, resource, JsonSerializer.Serialize(metadata)), cancel);
        await transaction.CommitAsync(cancel);
        return outcome;
    }
}

/// <summary>The account an act is about, as it stands inside the act's transaction.</summary>
internal sealed record AccountTarget(string Name, string Role, bool IsLocked, bool HasFactor, DateTimeOffset? WaitsUntil);

/// <summary>An act on one account, while its transaction is open.</summary>
internal sealed record AccountAct(
    NpgsqlConnection Connection, OperatorSessions Sessions, long Account, AccountTarget Target, string ActorRole, bool IsSelf, CancellationToken Cancel)
{
    /// <summary>Lets one act on accounts in at a time, and tells the actor's role as it is now: what the screen knew may be old.</summary>
    public static async Task<string> AdministeringAsync(NpgsqlConnection connection, Actor actor, bool isDangerous, CancellationToken cancel)
    {
        await using (var alone = new NpgsqlCommand(AccountSql.OneAtATime, connection)) await alone.ExecuteNonQueryAsync(cancel);
        if (actor == Actor.CommandLine) return OperatorRoles.Owner;
        if (actor.Id is not { } id || await FindAsync(connection, id, cancel) is not { IsLocked: false, Role: var role } || !Rights.Roles[Rights.CanAdminister].Contains(role))
            throw new UnauthorizedAccessException("Accounts need the right to administer.");
        if (isDangerous) await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        return role;
    }

    public static async Task<AccountTarget?> FindAsync(NpgsqlConnection connection, long account, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(AccountSql.Find, connection) { Parameters = { new() { Value = account } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetBoolean(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4))
            : null;
    }

    public async Task<long> OwnersBesideAsync()
    {
        await using var command = new NpgsqlCommand(AccountSql.OwnersBeside, Connection) { Parameters = { new() { Value = Account } } };
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    public async Task RunAsync(string sql, params object[] more)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { Parameters = { new() { Value = Account } } };
        foreach (var value in more) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public Task<int> EndSessionsAsync() => Sessions.EndAllAsync(Connection, Account, null, Cancel);
}
