using System.Net;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>The lines of the audit trail about who came in, who was refused and who left. An unknown e-mail is not written down.</summary>
public sealed class AccessAudit(Databases databases)
{
    private const string Append = "select audit_append($1, $2, $3, $4, $5, $6, $7, $8)";

    public Task SignedInAsync(Operator account, string role, IPAddress address, string session, CancellationToken cancel) =>
        AppendAsync(account.DisplayName, account.Id, role, "access.signed_in", new { }, address, session, cancel);

    public Task RefusedAsync(Operator? account, bool isLocked, IPAddress address, CancellationToken cancel) =>
        AppendAsync(account?.DisplayName ?? "unknown", account?.Id, "", "access.refused", new { locked = isLocked }, address, null, cancel);

    public Task SignedOutAsync(string name, long? operatorId, string role, IPAddress? address, string? session, CancellationToken cancel) =>
        AppendAsync(name, operatorId, role, "access.signed_out", new { }, address, session, cancel);

    /// <summary>In the transaction that makes her.</summary>
    internal static async Task FirstOwnerMadeAsync(NpgsqlConnection connection, Operator owner, string by, IPAddress? address, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Append, connection);
        Fill(command, owner.DisplayName, owner.Id, "Owner", "access.first_owner", new { by }, address, null);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task AppendAsync(
        string actor, long? actorId, string role, string action, object metadata, IPAddress? address, string? session, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Append);
        Fill(command, actor, actorId, role, action, metadata, address, session);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static void Fill(
        NpgsqlCommand command, string actor, long? actorId, string role, string action, object metadata, IPAddress? address, string? session)
    {
        Add(actor, NpgsqlDbType.Text);
        Add(actorId, NpgsqlDbType.Bigint);
        Add(role, NpgsqlDbType.Text);
        Add(action, NpgsqlDbType.Text);
        Add(actorId is null ? "operator" : $"operator:{actorId}", NpgsqlDbType.Text);
        Add(JsonSerializer.Serialize(metadata), NpgsqlDbType.Jsonb);
        Add(address, NpgsqlDbType.Inet);
        Add(session, NpgsqlDbType.Text);

        void Add(object? value, NpgsqlDbType type) => command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
    }
}
