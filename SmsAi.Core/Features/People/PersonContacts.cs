using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.People;

/// <summary>Who somebody is outside: the number she texts from, and what an operator entered of her name and address.</summary>
public sealed record PersonContact(string Number, string? Name, string? Email)
{
    /// <summary>Says nothing of her, wherever it may be written.</summary>
    public override string ToString() => nameof(PersonContact);
}

/// <summary>
/// Shows an operator somebody's number, name and e-mail address: only with the right, with a reason, and after its line stands in the audit
/// trail. Whoever sees them may correct name and address. All of it lies under the person's profile key and leaves with it.
/// </summary>
public sealed partial class PersonContacts(Databases databases, PersonKeys keys)
{
    public const int LongestName = 120;
    public const int LongestEmail = 254;

    private const string NumberPlace = "users.phone";
    private const string NamePlace = "users.name";
    private const string EmailPlace = "users.email";

    /// <summary>$1 user</summary>
    private const string Find = """
        select k.key_id, u.phone_cipher, u.name_cipher, u.email_cipher from users u join user_keys k on k.user_id = u.id and k.month = date '1970-01-01'
        where u.id = $1 and u.phone_cipher is not null for no key update of u
        """;

    /// <summary>$1 user $2 name $3 e-mail address</summary>
    private const string Set = "update users set name_cipher = $2, email_cipher = $3, version = version + 1 where id = $1";

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? FaultOfName(string? name) => name switch
    {
        { Length: > LongestName } => $"{name.Length} characters; {LongestName} fit.",
        not null when name.Any(char.IsControl) => "One line without control characters.",
        _ => null,
    };

    /// <summary>What is wrong with an e-mail address, or null.</summary>
    public static string? FaultOfEmail(string? email) =>
        email is null || (email.Length <= LongestEmail && Email().IsMatch(email)) ? null : "This is no address. Write it as in name@example.org.";

    /// <summary>
    /// Null when there is no number any more, or its key is destroyed. Throws <see cref="SecondFactorNeededException"/> when the
    /// operator's second factor is older than five minutes.
    /// </summary>
    public async Task<PersonContact?> RevealAsync(long person, string reason, Actor actor, CancellationToken cancel)
    {
        PersonActs.Demand(actor, Rights.CanAdminister);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await FreshFactor.DemandAsync(connection, actor.Session, cancel);
        if (await FindAsync(connection, person, cancel) is not { } found)
            return null;
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, "user.reveal", PersonActs.Resource(person), JsonSerializer.Serialize(new { reason })), cancel);
        await transaction.CommitAsync(cancel);
        return found.Contact;
    }

    /// <summary>Sets name and address if they still are as they were seen; false when not. The trail says which changed, not what they are.</summary>
    public async Task<bool> ChangeAsync(long person, PersonContact seen, string? name, string? email, Actor actor, CancellationToken cancel)
    {
        PersonActs.Demand(actor, Rights.CanAdminister);
        if ((FaultOfName(name) ?? FaultOfEmail(email)) is { } fault)
            throw new ArgumentException(fault, nameof(name));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await FindAsync(connection, person, cancel) is not { } found || found.Contact != seen)
            return false;
        await PersonActs.ExecuteAsync(connection, Set, cancel, new() { Value = person }, Cipher(name, NamePlace), Cipher(email, EmailPlace));
        await PersonActs.AuditAsync(connection, actor, "user.contact", person, new { before = Said(seen.Name, seen.Email), after = Said(name, email) }, cancel);
        await transaction.CommitAsync(cancel);
        return true;

        NpgsqlParameter Cipher(string? text, string place) =>
            new() { Value = text is null ? DBNull.Value : found.Key.Encrypt(text, place, person), NpgsqlDbType = NpgsqlDbType.Bytea };

        Dictionary<string, string> Said(string? itsName, string? itsEmail)
        {
            var said = new Dictionary<string, string>();
            if (seen.Name != name)
                said["name"] = Word(itsName);
            if (seen.Email != email)
                said["email"] = Word(itsEmail);
            return said;
        }

        static string Word(string? text) => text is null ? "none" : "set";
    }

    private async Task<(PersonKey Key, PersonContact Contact)?> FindAsync(NpgsqlConnection connection, long person, CancellationToken cancel)
    {
        Guid id;
        byte[] number;
        byte[]? name, email;
        await using (var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = person } } })
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            if (!await row.ReadAsync(cancel))
                return null;
            (id, number, name, email) = (row.GetGuid(0), row.GetFieldValue<byte[]>(1), Bytes(row, 2), Bytes(row, 3));
        }

        return (await keys.LoadAsync(connection, [id], cancel)).TryGetValue(id, out var key)
            ? (key, new(key.Decrypt(number, NumberPlace, person), name is null ? null : key.Decrypt(name, NamePlace, person), email is null ? null : key.Decrypt(email, EmailPlace, person)))
            : null;
    }

    private static byte[]? Bytes(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    [GeneratedRegex(@"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")]
    private static partial Regex Email();
}
