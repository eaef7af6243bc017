using System.Net;
using System.Text.Json;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>The lines of the audit trail about who came in, who was refused and who left. An e-mail nobody has is not written down.</summary>
public sealed class AccessAudit(AuditTrail trail)
{
    public Task SignedInAsync(Operator account, string role, string by, IPAddress address, string session, CancellationToken cancel) =>
        trail.AppendAsync(Act(new Actor(account.DisplayName, account.Id, role, address, session), "access.signed_in", new { by }), cancel);

    public Task RefusedAsync(Operator? account, bool isLocked, IPAddress address, CancellationToken cancel) =>
        trail.AppendAsync(Act(new Actor(account?.DisplayName ?? "unknown", account?.Id, "", address), "access.refused", new { locked = isLocked }), cancel);

    /// <summary>Too many tries failed from there, for whatever accounts.</summary>
    public Task AddressWaitsAsync(IPAddress address, TimeSpan wait, CancellationToken cancel) =>
        trail.AppendAsync(Act(new Actor("unknown", null, "", address), "access.address_waits", new { minutes = wait.TotalMinutes }), cancel);

    public Task SignedOutAsync(Actor actor, CancellationToken cancel) => trail.AppendAsync(Act(actor, "access.signed_out", new { }), cancel);

    /// <summary>In the transaction that makes her.</summary>
    internal static Task FirstOwnerMadeAsync(NpgsqlConnection connection, Operator owner, string by, IPAddress? address, CancellationToken cancel) =>
        AuditTrail.AppendAsync(connection, Act(new Actor(owner.DisplayName, owner.Id, OperatorRoles.Owner, address), "access.first_owner", new { by }), cancel);

    /// <summary>In the transaction that makes her.</summary>
    internal static Task JoinedAsync(NpgsqlConnection connection, Operator account, InvitationUsed invitation, IPAddress? address, CancellationToken cancel) =>
        AuditTrail.AppendAsync(
            connection,
            Act(new Actor(account.DisplayName, account.Id, invitation.Role, address), "access.joined",
                new { role = invitation.Role, label = invitation.Label, invited_by = invitation.By }),
            cancel);

    private static AuditAct Act(Actor actor, string action, object metadata) =>
        new(actor, action, actor.Id is { } id ? $"operator:{id}" : "operator", JsonSerializer.Serialize(metadata));
}
