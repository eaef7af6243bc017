using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>Whether a password was right, and how many tries are left if not; none means that it was not looked at.</summary>
public sealed record PasswordTry(bool IsRight, TriesLeft? Left);

/// <summary>What came of changing a password: what is wrong with either field, or nothing.</summary>
public sealed record PasswordChange(PasswordTry? Current, string? WantedFault)
{
    public bool IsDone => Current is null && WantedFault is null;
}

/// <summary>Looks at an operator's own password once more, and changes it. Wrong ones count as at the sign-in.</summary>
public sealed class OperatorPasswords(
    Databases databases, SignInTries tries, OperatorSessions sessions, IOptions<PasswordHasherOptions> rounds)
{
    private readonly PasswordHasher<Operator> _hasher = new(rounds);

    public async Task<PasswordTry> CheckAsync(long operatorId, string password, CancellationToken cancel)
    {
        if (await tries.CountAsync(operatorId, cancel) is not { } left) return new(false, null);
        if (!await HoldsAsync(operatorId, password, cancel)) return new(false, left);
        await tries.TakeBackAsync(operatorId, left, cancel);
        return new(true, null);
    }

    /// <summary>Changes one's own password, asks for the second factor if there is one, and ends every other session.</summary>
    public async Task<PasswordChange> ChangeAsync(string current, string wanted, Actor actor, CancellationToken cancel)
    {
        var id = actor.Id ?? throw new UnauthorizedAccessException("Only an operator has a password.");
        var email = await EmailAsync(id, cancel) ?? throw new UnauthorizedAccessException("The account is gone.");
        if (PasswordRules.FaultOf(wanted, email, actor.Name) is { } fault) return new(null, fault);
        await using (var look = await databases.Pages.OpenConnectionAsync(cancel)) await FreshFactor.DemandAsync(look, actor.Session, cancel);
        if (await CheckAsync(id, current, cancel) is { IsRight: false } wrong) return new(wrong, null);
        if (wanted == current) return new(null, "This is the password you have. Choose another.");

        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        await using var command = new NpgsqlCommand("update operators set password_hash = $2 where id = $1", connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = _hasher.HashPassword(new Operator(), wanted) });
        await command.ExecuteNonQueryAsync(cancel);
        var ended = await sessions.EndAllAsync(connection, id, actor.Session, cancel);
        var resource = string.Create(CultureInfo.InvariantCulture, $"operator:{id}");
        await AuditTrail.AppendAsync(connection, new(actor, "access.password_changed", resource, JsonSerializer.Serialize(new { sessions_ended = ended })), cancel);
        await transaction.CommitAsync(cancel);
        return new(null, null);
    }

    private async Task<bool> HoldsAsync(long operatorId, string password, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("select password_hash from operators where id = $1 and not is_disabled");
        command.Parameters.Add(new() { Value = operatorId });
        return await command.ExecuteScalarAsync(cancel) is string hash
            && _hasher.VerifyHashedPassword(new Operator(), hash, password) != PasswordVerificationResult.Failed;
    }

    private async Task<string?> EmailAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("select email from operators where id = $1");
        command.Parameters.Add(new() { Value = operatorId });
        return await command.ExecuteScalarAsync(cancel) as string;
    }
}
