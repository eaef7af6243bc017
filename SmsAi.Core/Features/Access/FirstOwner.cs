using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>What came of making the first owner.</summary>
public abstract record FirstOwnerResult
{
    private FirstOwnerResult()
    {
    }

    public sealed record Made(long OperatorId) : FirstOwnerResult;

    /// <summary>The link was used, is too old, or somebody else was first.</summary>
    public sealed record LinkRefused : FirstOwnerResult;

    /// <summary>What is wrong with the fields; null where nothing is.</summary>
    public sealed record Invalid(string? Name, string? Email, string? Password) : FirstOwnerResult;
}

/// <summary>Makes the first owner, once, in one transaction with the link it uses up and the line of the audit trail.</summary>
public sealed class FirstOwner(SmsAiDb db, UserManager<Operator> operators, SetUpLinks links)
{
    private const int LongestName = 80;

    /// <summary>From the set-up page.</summary>
    public Task<FirstOwnerResult> MakeByLinkAsync(string token, string name, string email, string password, IPAddress? address, CancellationToken cancel) =>
        MakeAsync(connection => links.TryUseAsync(connection, token, cancel), name, email, password, "set-up link", address, cancel);

    /// <summary>From the configuration, at start.</summary>
    public Task<FirstOwnerResult> MakeByConfigurationAsync(string email, string password, CancellationToken cancel) =>
        MakeAsync(connection => NobodyYetAsync(connection, cancel), email.Split('@')[0], email, password, "configuration", null, cancel);

    private async Task<FirstOwnerResult> MakeAsync(
        Func<NpgsqlConnection, Task<bool>> mayMakeAsync, string name, string email, string password, string how, IPAddress? address, CancellationToken cancel)
    {
        (name, email) = (name.Trim(), email.Trim());
        if (Check(name, email, password) is { } invalid) return invalid;

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await OneAtATimeAsync(connection, cancel);
        if (!await mayMakeAsync(connection)) return new FirstOwnerResult.LinkRefused();

        var owner = new Operator { UserName = email, Email = email, DisplayName = name };
        Require(await operators.CreateAsync(owner, password));
        Require(await operators.AddToRoleAsync(owner, OperatorRoles.Owner));
        await AccessAudit.FirstOwnerMadeAsync(connection, owner, how, address, cancel);
        await transaction.CommitAsync(cancel);
        return new FirstOwnerResult.Made(owner.Id);
    }

    private static FirstOwnerResult.Invalid? Check(string name, string email, string password)
    {
        var nameFault = name.Length is 0 or > LongestName ? $"Enter a name of 1 to {LongestName} characters." : null;
        var emailFault = EmailAddress.IsPlausible(email) ? null : "Enter an e-mail address, such as name@example.org.";
        var passwordFault = PasswordRules.FaultOf(password, email, name);
        return nameFault is null && emailFault is null && passwordFault is null ? null : new(nameFault, emailFault, passwordFault);
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

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException("The first owner could not be made: " + string.Join(", ", result.Errors.Select(error => error.Code)));
    }
}
