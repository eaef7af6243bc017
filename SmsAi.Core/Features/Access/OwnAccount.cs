using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>What an operator sees of herself.</summary>
public sealed record AccountView(
    string Name, string Email, DateTimeOffset Since, SecondFactorState Factor, bool FactorIsDemanded, IReadOnlyList<PasskeyLine> Passkeys,
    IReadOnlyList<SessionLine> Sessions);

/// <summary>One's own account: what it is, and where it is signed in.</summary>
public sealed class OwnAccount(
    Databases databases, SecondFactors factors, Passkeys passkeys, OperatorSessions sessions, IOptions<AccessOptions> options)
{
    /// <summary>Null when the account is gone.</summary>
    public async Task<AccountView?> ReadAsync(Actor actor, TimeSpan idle, TimeSpan inAll, CancellationToken cancel)
    {
        var id = actor.Id ?? 0;
        var (name, email, since) = ("", "", default(DateTimeOffset));
        await using (var command = databases.Pages.CreateCommand("select display_name, coalesce(email, ''), created_at from operators where id = $1"))
        {
            command.Parameters.Add(new() { Value = id });
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (!await row.ReadAsync(cancel)) return null;
            (name, email, since) = (row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2));
        }

        var factor = await factors.ReadAsync(id, cancel);
        return new(
            name, email, since, factor, options.Value.DemandsFactor(actor.Role), await passkeys.OfAsync(id, cancel), await sessions.OfAsync(id, idle, inAll, cancel));
    }

    /// <summary>Asks for a fresh second factor before something the browser does next.</summary>
    public async Task DemandAsync(Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
    }

    /// <summary>Ends one of one's own sessions. False when it was none of hers, or had ended.</summary>
    public async Task<bool> EndAsync(string session, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (actor.Id is not { } id || !await sessions.EndAsync(connection, session, id, cancel)) return false;
        await AuditTrail.AppendAsync(connection, Act(actor, new { sessions_ended = 1 }), cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Ends all of one's own sessions, this one too if she wants. Returns how many were open.</summary>
    public async Task<int> EndAllAsync(bool thisToo, Actor actor, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var ended = await sessions.EndAllAsync(connection, actor.Id ?? 0, thisToo ? null : actor.Session, cancel);
        await AuditTrail.AppendAsync(connection, Act(actor, new { sessions_ended = ended }), cancel);
        await transaction.CommitAsync(cancel);
        return ended;
    }

    private static AuditAct Act(Actor actor, object metadata) =>
        new(actor, "access.sessions_ended", string.Create(CultureInfo.InvariantCulture, $"operator:{actor.Id}"), JsonSerializer.Serialize(metadata));
}
