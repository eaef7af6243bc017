using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>A passkey as its owner's account lists it.</summary>
public sealed record PasskeyLine(byte[] Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>
/// Operators' passkeys and the challenges they answer. A passkey stands for password and code together, so only whoever has the code
/// may add one, and it leaves with the code.
/// </summary>
public sealed class Passkeys(Databases databases, TimeProvider time)
{
    public const int LongestName = 60;
    private static readonly TimeSpan ChallengeLife = TimeSpan.FromMinutes(5);

    private const string Add = """
        insert into operator_passkeys
          (credential_id, operator_id, name, public_key, sign_count, transports, is_user_verified, is_backup_eligible, is_backed_up, created_at)
        select $1, o.id, $3, $4, $5, $6, $7, $8, $9, $10 from operators o where o.id = $2 and o.two_factor_enabled
        on conflict do nothing
        """;

    private const string Find = """
        select p.credential_id, p.public_key, p.created_at, p.sign_count, p.transports, p.is_user_verified, p.is_backup_eligible, p.is_backed_up, p.operator_id
        from operator_passkeys p where ($1::bytea is null or p.credential_id = $1) and ($2::bigint is null or p.operator_id = $2) order by p.created_at
        """;

    private const string Note = """
        update operator_passkeys set sign_count = $2, is_user_verified = $3, is_backed_up = $4, used_at = $5 where credential_id = $1
        """;

    /// <summary>$1 passkey $2 whose $3 name; returns the name before.</summary>
    private const string Rename = """
        update operator_passkeys p set name = $3 from (select name from operator_passkeys where credential_id = $1 and operator_id = $2 for update) was
        where p.credential_id = $1 and p.operator_id = $2 returning was.name
        """;

    private const string Take = """
        delete from operator_passkey_challenges where id = $1 and purpose = $2 and session is not distinct from $3 and expires_at > $4 returning state
        """;

    /// <summary>Keeps a challenge until it is answered, for the session that asked if there is one.</summary>
    public async Task<string> KeepAsync(string purpose, string? session, string state, CancellationToken cancel)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await using var command = databases.Pages.CreateCommand("""
            with outdated as (delete from operator_passkey_challenges where expires_at < $6)
            insert into operator_passkey_challenges (id, purpose, session, state, expires_at) values ($1, $2, $3, $4, $5)
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = purpose });
        command.Parameters.Add(new() { Value = (object?)session ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = state });
        command.Parameters.Add(new() { Value = time.GetUtcNow() + ChallengeLife });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancel);
        return id;
    }

    /// <summary>The challenge, once: an answer that was overheard finds nothing.</summary>
    public async Task<string?> TakeAsync(string id, string purpose, string? session, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Take);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = purpose });
        command.Parameters.Add(new() { Value = (object?)session ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    public async Task<IReadOnlyList<PasskeyLine>> OfAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(
            "select credential_id, name, created_at, used_at from operator_passkeys where operator_id = $1 order by created_at");
        command.Parameters.Add(new() { Value = operatorId });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var lines = new List<PasskeyLine>();
        while (await rows.ReadAsync(cancel))
        {
            lines.Add(new(
                rows.GetFieldValue<byte[]>(0), rows.GetString(1), rows.GetFieldValue<DateTimeOffset>(2),
                rows.IsDBNull(3) ? null : rows.GetFieldValue<DateTimeOffset>(3)));
        }

        return lines;
    }

    /// <summary>Adds a passkey to one's own account; asks for a fresh second factor. False when no code is set up, or the passkey is known already.</summary>
    public async Task<bool> AddAsync(UserPasskeyInfo passkey, string name, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        await using var command = new NpgsqlCommand(Add, connection);
        command.Parameters.Add(new() { Value = passkey.CredentialId });
        command.Parameters.Add(new() { Value = actor.Id ?? 0 });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = passkey.PublicKey });
        command.Parameters.Add(new() { Value = (long)passkey.SignCount });
        command.Parameters.Add(new() { Value = passkey.Transports ?? [] });
        command.Parameters.Add(new() { Value = passkey.IsUserVerified });
        command.Parameters.Add(new() { Value = passkey.IsBackupEligible });
        command.Parameters.Add(new() { Value = passkey.IsBackedUp });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        if (await command.ExecuteNonQueryAsync(cancel) == 0) return false;
        await AuditTrail.AppendAsync(connection, Act(actor, "access.passkey_added", name), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Removes one of one's own passkeys; asks for a fresh second factor.</summary>
    public async Task<bool> RemoveAsync(byte[] id, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        await using var command = new NpgsqlCommand("delete from operator_passkeys where credential_id = $1 and operator_id = $2 returning name", connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = actor.Id ?? 0 });
        if (await command.ExecuteScalarAsync(cancel) is not string name) return false;
        await AuditTrail.AppendAsync(connection, Act(actor, "access.passkey_removed", name), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Gives one of one's own passkeys another name. False when it is gone or another's.</summary>
    public async Task<bool> RenameAsync(byte[] id, string name, Actor actor, CancellationToken cancel)
    {
        if (FaultOf(name) is { } fault) throw new ArgumentException(fault, nameof(name));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand(Rename, connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = actor.Id ?? 0 });
        command.Parameters.Add(new() { Value = name.Trim() });
        if (await command.ExecuteScalarAsync(cancel) is not string before) return false;
        if (before == name.Trim()) return true;
        var metadata = JsonSerializer.Serialize(new { before = new { name = before }, after = new { name = name.Trim() } });
        await AuditTrail.AppendAsync(connection, Act(actor, "access.passkey_renamed", before) with { Metadata = metadata }, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    public static string? FaultOf(string name) =>
        name.Trim() is { Length: 0 or > LongestName } || name.Any(char.IsControl) ? $"Give it a name of 1 to {LongestName} characters." : null;

    /// <summary>Whose passkey it is, and what is known of it; by its id, its owner, or both.</summary>
    internal async Task<IReadOnlyList<(long Owner, UserPasskeyInfo Passkey)>> FindAsync(byte[]? id, long? owner, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Find);
        command.Parameters.Add(new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new() { Value = (object?)owner ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var found = new List<(long, UserPasskeyInfo)>();
        while (await rows.ReadAsync(cancel))
        {
            var passkey = new UserPasskeyInfo(
                rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<DateTimeOffset>(2), (uint)rows.GetInt64(3),
                rows.GetFieldValue<string[]>(4), rows.GetBoolean(5), rows.GetBoolean(6), rows.GetBoolean(7), [], []);
            found.Add((rows.GetInt64(8), passkey));
        }

        return found;
    }

    /// <summary>Notes that it was used, with its counter as it stands now.</summary>
    internal async Task NoteUseAsync(UserPasskeyInfo passkey, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Note);
        command.Parameters.Add(new() { Value = passkey.CredentialId });
        command.Parameters.Add(new() { Value = (long)passkey.SignCount });
        command.Parameters.Add(new() { Value = passkey.IsUserVerified });
        command.Parameters.Add(new() { Value = passkey.IsBackedUp });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static AuditAct Act(Actor actor, string action, string name) =>
        new(actor, action, string.Create(CultureInfo.InvariantCulture, $"operator:{actor.Id}"), JsonSerializer.Serialize(new { name }));
}
