using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Access;

/// <summary>What came of showing a code.</summary>
public abstract record CodeVerdict
{
    private CodeVerdict()
    {
    }

    /// <summary>Right; with a recovery code, how many of those are left.</summary>
    public sealed record Right(int? RecoveryCodesLeft) : CodeVerdict;

    /// <summary>Wrong, or used before; null when no more tries are looked at.</summary>
    public sealed record Wrong(TriesLeft? Left) : CodeVerdict;
}

/// <summary>An operator's second factor as her account shows it.</summary>
public sealed record SecondFactorState(bool IsOn, int RecoveryCodesLeft);

/// <summary>What came of asking for a secret.</summary>
public abstract record Proposal
{
    private Proposal()
    {
    }

    /// <summary>To be taken into an authenticator app: as text, and as what the QR code says.</summary>
    public sealed record Secret(string Text, string Address) : Proposal;

    public sealed record WrongPassword(TriesLeft? Left) : Proposal;

    public sealed record AlreadyOn : Proposal;
}

/// <summary>
/// Codes of authenticator apps and recovery codes. Each works once, on all replicas together; wrong ones count like wrong passwords.
/// </summary>
public sealed class SecondFactors(
    Databases databases, MasterKeys keys, SignInTries tries, OperatorPasswords passwords, OperatorSessions sessions, IOptions<AccessOptions> options,
    TimeProvider time)
{
    private const string Read = """
        select o.two_factor_enabled, (select count(*) from operator_recovery_codes c where c.operator_id = o.id)::int from operators o where o.id = $1
        """;

    private const string Propose = """
        insert into operator_totp (operator_id, secret) values ($1, $2)
        on conflict (operator_id) do update set secret = excluded.secret, last_step = 0 where not operator_totp.is_confirmed
        """;

    private const string TakeStep = "update operator_totp set last_step = $2, is_confirmed = true where operator_id = $1 and last_step < $2 and is_confirmed = $3";

    private const string TurnOn = "update operators set two_factor_enabled = true where id = $1";
    private const string Enrolled = "update operator_sessions set must_enrol = false, second_factor_at = case when id = $2 then clock_timestamp() else second_factor_at end where operator_id = $1";
    private const string Shown = "update operator_sessions set second_factor_at = clock_timestamp() where id = $1 and operator_id = $2 and ended_at is null";

    public async Task<SecondFactorState> ReadAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Read);
        command.Parameters.Add(new() { Value = operatorId });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new(row.GetBoolean(0), row.GetInt32(1)) : new(false, 0);
    }

    /// <summary>A fresh secret for whoever knows her password, of no use until a code of it was shown.</summary>
    public async Task<Proposal> ProposeAsync(string password, string account, Actor actor, CancellationToken cancel)
    {
        var id = IdOf(actor);
        if (await passwords.CheckAsync(id, password, cancel) is { IsRight: false } wrong) return new Proposal.WrongPassword(wrong.Left);
        var secret = Totp.NewSecret();
        await using var command = databases.Pages.CreateCommand(Propose);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = keys.Protect(secret, Place(id)) });
        return await command.ExecuteNonQueryAsync(cancel) == 1
            ? new Proposal.Secret(Totp.Base32(secret), Totp.Address(secret, account))
            : new Proposal.AlreadyOn();
    }

    /// <summary>Turns the proposed secret on by its first code. Returns the recovery codes, which nobody sees again; null when the code is wrong.</summary>
    public async Task<IReadOnlyList<string>?> TurnOnAsync(string code, Actor actor, CancellationToken cancel)
    {
        var id = IdOf(actor);
        if (await SecretAsync(id, cancel) is not { } secret || Totp.StepOf(Plain(code), secret, time.GetUtcNow()) is not { } step) return null;
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await TakeStepAsync(connection, id, step, isConfirmed: false, cancel)) return null;
        await RunAsync(connection, TurnOn, cancel, id);
        await RunAsync(connection, Enrolled, cancel, id, actor.Session ?? "");
        var codes = await WriteCodesAsync(connection, id, cancel);
        await AuditTrail.AppendAsync(connection, Act(actor, id, "access.factor_on", new { kind = "totp" }), cancel);
        await transaction.CommitAsync(cancel);
        return codes;
    }

    /// <summary>New recovery codes in place of the old ones; asks for a fresh second factor.</summary>
    public async Task<IReadOnlyList<string>> RenewCodesAsync(Actor actor, CancellationToken cancel)
    {
        var id = IdOf(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        var codes = await WriteCodesAsync(connection, id, cancel);
        await AuditTrail.AppendAsync(connection, Act(actor, id, "access.codes_renewed", new { }), cancel);
        await transaction.CommitAsync(cancel);
        return codes;
    }

    /// <summary>Takes one's own second factor off; asks for a fresh one first, and ends the other sessions.</summary>
    public async Task TurnOffAsync(Actor actor, CancellationToken cancel)
    {
        var id = IdOf(actor);
        if (options.Value.DemandsFactor(actor.Role)) throw new UnauthorizedAccessException("The role asks for a second factor.");
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        await RemoveAsync(connection, id, cancel);
        await sessions.EndAllAsync(connection, id, actor.Session, cancel);
        await AuditTrail.AppendAsync(connection, Act(actor, id, "access.factor_off", new { }), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Looks at a code for an operator who is signing in.</summary>
    public async Task<CodeVerdict> CheckAsync(long operatorId, string code, CancellationToken cancel)
    {
        if (await tries.CountAsync(operatorId, cancel) is not { } left) return new CodeVerdict.Wrong(null);
        if (await TakeAsync(operatorId, Plain(code), cancel) is not { } right) return new CodeVerdict.Wrong(left);
        await tries.ForgetAsync(operatorId, cancel);
        return right;
    }

    /// <summary>Takes a code for the session of whoever acts, so that for five minutes dangerous acts don't ask again.</summary>
    public async Task<CodeVerdict> StepUpAsync(string code, Actor actor, CancellationToken cancel)
    {
        var id = IdOf(actor);
        var verdict = await CheckAsync(id, code, cancel);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (verdict is CodeVerdict.Right && await RunAsync(connection, Shown, cancel, actor.Session ?? "", id) == 0)
            throw new UnauthorizedAccessException("The session has ended.");
        await AuditTrail.AppendAsync(connection, verdict is CodeVerdict.Right { RecoveryCodesLeft: var codes }
            ? Act(actor, id, "access.step_up", codes is null ? new { by = "code" } : new { by = "recovery code" })
            : Act(actor, id, "access.code_refused", new { at = "step-up" }), cancel);
        await transaction.CommitAsync(cancel);
        return verdict;
    }

    /// <summary>The same by a passkey that was looked at already.</summary>
    public async Task StepUpByPasskeyAsync(Actor actor, CancellationToken cancel)
    {
        var id = IdOf(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await RunAsync(connection, Shown, cancel, actor.Session ?? "", id) == 0) throw new UnauthorizedAccessException("The session has ended.");
        await AuditTrail.AppendAsync(connection, Act(actor, id, "access.step_up", new { by = "passkey" }), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Everything about an operator's second factor leaves, passkeys too.</summary>
    internal static async Task RemoveAsync(NpgsqlConnection connection, long operatorId, CancellationToken cancel)
    {
        await RunAsync(connection, "delete from operator_totp where operator_id = $1", cancel, operatorId);
        await RunAsync(connection, "delete from operator_recovery_codes where operator_id = $1", cancel, operatorId);
        await RunAsync(connection, "delete from operator_passkeys where operator_id = $1", cancel, operatorId);
        await RunAsync(connection, "update operators set two_factor_enabled = false where id = $1", cancel, operatorId);
    }

    /// <summary>One connection at a time: many who hold one and wait for another would wait for each other.</summary>
    private async Task<CodeVerdict.Right?> TakeAsync(long operatorId, string code, CancellationToken cancel)
    {
        if (code.Length == Totp.Digits && code.All(char.IsAsciiDigit))
        {
            if (await SecretAsync(operatorId, cancel) is not { } secret || Totp.StepOf(code, secret, time.GetUtcNow()) is not { } step) return null;
            await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
            return await TakeStepAsync(connection, operatorId, step, isConfirmed: true, cancel) ? new CodeVerdict.Right(null) : null;
        }

        const string Use = "delete from operator_recovery_codes where operator_id = $1 and code_hash = $2";
        await using (var connection = await databases.Pages.OpenConnectionAsync(cancel))
            if (await RunAsync(connection, Use, cancel, operatorId, RecoveryCodes.Hash(code)) == 0) return null;
        return new((await ReadAsync(operatorId, cancel)).RecoveryCodesLeft);
    }

    /// <summary>The update decides: of many who show the same code at once, on whatever replica, one comes in.</summary>
    private static async Task<bool> TakeStepAsync(NpgsqlConnection connection, long operatorId, long step, bool isConfirmed, CancellationToken cancel) =>
        await RunAsync(connection, TakeStep, cancel, operatorId, step, isConfirmed) == 1;

    private async Task<byte[]?> SecretAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("select secret from operator_totp where operator_id = $1");
        command.Parameters.Add(new() { Value = operatorId });
        return await command.ExecuteScalarAsync(cancel) is byte[] sealedSecret ? keys.Unprotect(sealedSecret, Place(operatorId)) : null;
    }

    private static async Task<IReadOnlyList<string>> WriteCodesAsync(NpgsqlConnection connection, long operatorId, CancellationToken cancel)
    {
        var codes = RecoveryCodes.Make();
        await RunAsync(connection, "delete from operator_recovery_codes where operator_id = $1", cancel, operatorId);
        await RunAsync(connection, "insert into operator_recovery_codes (operator_id, code_hash) select $1, unnest($2)", cancel,
            operatorId, codes.Select(RecoveryCodes.Hash).ToArray());
        return codes;
    }

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit));

    private static long IdOf(Actor actor) => actor.Id ?? throw new UnauthorizedAccessException("Only an operator has a second factor.");

    private static string Place(long operatorId) => string.Create(CultureInfo.InvariantCulture, $"operator_totp.secret|{operatorId}");

    private static AuditAct Act(Actor actor, long id, string action, object metadata) =>
        new(actor, action, string.Create(CultureInfo.InvariantCulture, $"operator:{id}"), JsonSerializer.Serialize(metadata));
}
