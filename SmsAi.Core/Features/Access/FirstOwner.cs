using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>Makes the first owner, once, in one transaction with the link it uses up and the line of the audit trail.</summary>
public sealed class FirstOwner(SmsAiDb db, UserManager<Operator> operators, SetUpLinks links)
{
    /// <summary>From the set-up page.</summary>
    public Task<NewAccountResult> MakeByLinkAsync(string token, string name, string email, string password, IPAddress? address, CancellationToken cancel) =>
        MakeAsync(connection => links.TryUseAsync(connection, token, cancel), name, email, password, "set-up link", address, cancel);

    /// <summary>From the configuration, at start.</summary>
    public Task<NewAccountResult> MakeByConfigurationAsync(string email, string password, CancellationToken cancel) =>
        MakeAsync(connection => NobodyYetAsync(connection, cancel), email.Split('@')[0], email, password, "configuration", null, cancel);

    private async Task<NewAccountResult> MakeAsync(
        Func<NpgsqlConnection, Task<bool>> mayMakeAsync, string name, string email, string password, string how, IPAddress? address, CancellationToken cancel)
    {
        (name, email) = (name.Trim(), email.Trim());
        if (NewAccountFields.Check(name, email, password) is { } invalid) return invalid;

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await OneAtATimeAsync(connection, cancel);
        if (!await mayMakeAsync(connection)) return new NewAccountResult.LinkRefused();

        var owner = new Operator { UserName = email, Email = email, DisplayName = name };
        NewAccountFields.Require(await operators.CreateAsync(owner, password));
        NewAccountFields.Require(await operators.AddToRoleAsync(owner, OperatorRoles.Owner));
        await AccessAudit.FirstOwnerMadeAsync(connection, owner, how, address, cancel);
        await transaction.CommitAsync(cancel);
        return new NewAccountResult.Made(owner.Id);
    }

    /// <summary>Two links, or two replicas, must not make two first owners.</summary>
    private static async Task OneAtATimeAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('first owner'))", connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<bool> NobodyYetAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select not exists (select from operators)", connection);
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }
}
