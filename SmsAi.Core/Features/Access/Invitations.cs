using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>An invitation that was not used yet.</summary>
public sealed record InvitationLine(long Id, string Role, string Label, string By, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>What an invitation gives to whoever holds its link.</summary>
internal sealed record InvitationUsed(string Role, string Label, string By);

/// <summary>One-time links by which others become operators: valid 72 hours, shown once, kept as hashes only.</summary>
public sealed class Invitations(Databases databases, TimeProvider time)
{
    public const int LongestLabel = 80;
    public static readonly TimeSpan Life = TimeSpan.FromHours(72);
    private const int TokenBytes = 32;

    private const string Open = """
        select i.id, i.role, i.label, i.by_name, i.created_at, i.expires_at from operator_invitations i join operators o on o.id = i.by_id
        where i.expires_at > $1 and not o.is_disabled order by i.created_at desc limit 200
        """;

    private const string Make = """
        with outdated as (delete from operator_invitations where expires_at < $6)
        insert into operator_invitations (token_hash, role, label, by_id, by_name, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7) returning id
        """;

    /// <summary>Whoever comes second with the same link waits for the first, and finds nothing.</summary>
    private const string Use = """
        delete from operator_invitations i using operators o
        where i.token_hash = $1 and i.expires_at > $2 and o.id = i.by_id and not o.is_disabled returning i.role, i.label, i.by_name
        """;

    public async Task<IReadOnlyList<InvitationLine>> ListAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Open);
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var lines = new List<InvitationLine>();
        while (await rows.ReadAsync(cancel))
        {
            lines.Add(new(
                rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetFieldValue<DateTimeOffset>(4), rows.GetFieldValue<DateTimeOffset>(5)));
        }

        return lines;
    }

    /// <summary>Makes a link's token, known to nobody but the caller afterwards; null when only an owner may invite to that role. Asks for a fresh second factor.</summary>
    public async Task<string?> MakeAsync(string role, string label, Actor actor, CancellationToken cancel)
    {
        if (!OperatorRoles.FromMightiest.Contains(role)) throw new ArgumentException("There is no such role.", nameof(role));
        if (label.Trim().Length is 0 or > LongestLabel) throw new ArgumentException("Say whom the link is for, in 1 to 80 characters.", nameof(label));
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        var now = time.GetUtcNow();
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var actorRole = await AccountAct.AdministeringAsync(connection, actor, isDangerous: true, cancel);
        if (AccountRules.OfTouching(actorRole, role) != AccountOutcome.Done) return null;
        await using var command = new NpgsqlCommand(Make, connection);
        command.Parameters.Add(new() { Value = Hash(token) });
        command.Parameters.Add(new() { Value = role });
        command.Parameters.Add(new() { Value = label.Trim() });
        command.Parameters.Add(new() { Value = actor.Id!.Value });
        command.Parameters.Add(new() { Value = actor.Name });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now + Life });
        var id = (long)(await command.ExecuteScalarAsync(cancel))!;
        await AuditTrail.AppendAsync(connection, Act(actor, "access.invite", id, new { role, label = label.Trim() }), cancel);
        await transaction.CommitAsync(cancel);
        return token;
    }

    /// <summary>Takes a link back; false when it was used or taken back meanwhile.</summary>
    public async Task<bool> TakeBackAsync(long invitation, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await AccountAct.AdministeringAsync(connection, actor, isDangerous: false, cancel);
        await using var command = new NpgsqlCommand("delete from operator_invitations where id = $1 returning role", connection) { Parameters = { new() { Value = invitation } } };
        if (await command.ExecuteScalarAsync(cancel) is not string role) return false;
        await AuditTrail.AppendAsync(connection, Act(actor, "access.invitation_taken_back", invitation, new { role }), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Uses the link up in the caller's transaction; null when it was used, taken back or is too old.</summary>
    internal async Task<InvitationUsed?> UseAsync(NpgsqlConnection connection, string token, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Use, connection) { Parameters = { new() { Value = Hash(token) }, new() { Value = time.GetUtcNow() } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new(row.GetString(0), row.GetString(1), row.GetString(2)) : null;
    }

    private static AuditAct Act(Actor actor, string action, long id, object metadata) =>
        new(actor, action, string.Create(CultureInfo.InvariantCulture, $"invitation:{id}"), JsonSerializer.Serialize(metadata));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
