using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>Makes the account of somebody who was invited, in one transaction with the link it uses up and the line of the audit trail.</summary>
public sealed class Joining(SmsAiDb db, UserManager<Operator> operators, Invitations invitations)
{
    private const string EmailTaken = "There is an account with this e-mail. Sign in with it, or use another.";

    /// <summary>A link that was refused tells nothing about any e-mail.</summary>
    public async Task<NewAccountResult> JoinAsync(string token, string name, string email, string password, IPAddress? address, CancellationToken cancel)
    {
        (name, email) = (name.Trim(), email.Trim());
        if (NewAccountFields.Check(name, email, password) is { } invalid) return invalid;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (await invitations.UseAsync(connection, token, cancel) is not { } invitation) return new NewAccountResult.LinkRefused();

        var account = new Operator { UserName = email, Email = email, DisplayName = name };
        try
        {
            var made = await operators.CreateAsync(account, password);
            if (made.Errors.Any(error => error.Code.StartsWith("Duplicate", StringComparison.Ordinal))) return new NewAccountResult.Invalid(null, EmailTaken, null);
            NewAccountFields.Require(made);
        }
        catch (DbUpdateException fault) when (fault.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return new NewAccountResult.Invalid(null, EmailTaken, null);
        }

        NewAccountFields.Require(await operators.AddToRoleAsync(account, invitation.Role));
        await AccessAudit.JoinedAsync(connection, account, invitation, address, cancel);
        await transaction.CommitAsync(cancel);
        return new NewAccountResult.Made(account.Id);
    }
}
