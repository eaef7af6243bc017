using System.Globalization;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.People;

/// <summary>Shows an operator somebody's number: only with the right, with a reason, and after its line stands in the audit trail.</summary>
public sealed class NumberReveal(Databases databases, PersonKeys keys)
{
    /// <summary>
    /// The number; null when there is none any more, or its key is destroyed. Throws <see cref="SecondFactorNeededException"/> when the
    /// operator's second factor is older than five minutes.
    /// </summary>
    public async Task<string?> RevealAsync(long person, string reason, Actor actor, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanAdminister].Contains(actor.Role))
            throw new UnauthorizedAccessException("Revealing a number needs the right to administer.");
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        if (await CipherAsync(connection, person, cancel) is not { } found
            || !(await keys.LoadAsync(connection, [found.Key], cancel)).TryGetValue(found.Key, out var key))
            return null;
        var resource = string.Create(CultureInfo.InvariantCulture, $"user:{person}");
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, "user.reveal", resource, JsonSerializer.Serialize(new { reason })), cancel);
        await transaction.CommitAsync(cancel);
        return key.Decrypt(found.Cipher, "users.phone", person);
    }

    private static async Task<(byte[] Cipher, Guid Key)?> CipherAsync(NpgsqlConnection connection, long person, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PersonSql.Number, connection) { Parameters = { new() { Value = person } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.GetFieldValue<byte[]>(0), row.GetGuid(1)) : null;
    }
}
