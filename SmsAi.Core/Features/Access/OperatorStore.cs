using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>Identity's store of operators, with the passkeys of our own table: the framework's check of a passkey reads them through it.</summary>
internal sealed class OperatorStore(SmsAiDb db, Passkeys passkeys, IdentityErrorDescriber describer)
    : UserStore<Operator, OperatorRole, SmsAiDb, long>(db, describer)
{
    public override async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Operator user, CancellationToken cancellationToken) =>
        [.. (await passkeys.FindAsync(null, user.Id, cancellationToken)).Select(found => found.Passkey)];

    public override async Task<Operator?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindAsync(credentialId, null, cancellationToken) is [var (owner, _)]
            ? await FindByIdAsync(owner.ToString(CultureInfo.InvariantCulture), cancellationToken)
            : null;

    public override async Task<UserPasskeyInfo?> FindPasskeyAsync(Operator user, byte[] credentialId, CancellationToken cancellationToken) =>
        await passkeys.FindAsync(credentialId, user.Id, cancellationToken) is [var (_, passkey)] ? passkey : null;

    /// <summary>Only ever an update: adding is <see cref="Passkeys.AddAsync"/>, which asks for the second factor.</summary>
    public override Task AddOrUpdatePasskeyAsync(Operator user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        passkeys.NoteUseAsync(passkey, cancellationToken);
}
