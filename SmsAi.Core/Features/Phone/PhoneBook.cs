using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Phone;

/// <summary>A handset of the Phone page.</summary>
public sealed record PhoneEntry(TestNumber Number, string Name);

/// <summary>The handsets of the Phone page, the same for all operators; kept encrypted, as every number is.</summary>
public sealed class PhoneBook(Databases databases, MasterKeys keys)
{
    /// <summary>More would not fit beside the handset.</summary>
    public const int Most = 12;

    private const int LongestName = 30;
    private const string Key = "phone-book";
    private const string Place = "sandbox_settings.value|" + Key;

    private static readonly PhoneEntry[] First =
    [
        Entry("5550100111", "Robin"), Entry("5550100112", "Sam"), Entry("5550100113", "Ola"), Entry("2025550190", "Landline, fails 30006"),
    ];

    public async Task<IReadOnlyList<PhoneEntry>> ReadAsync(CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        return await ReadAsync(connection, cancel);
    }

    /// <summary>Adds a handset, or gives a known one its new name; a sentence when that can't be.</summary>
    public async Task<string?> AddAsync(TestNumber number, string? name, Actor actor, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Adding a handset needs the right to operate.");
        var named = string.IsNullOrWhiteSpace(name) ? "" : name.Trim();
        if (named.Length > LongestName)
            return $"Keep the name within {LongestName} characters.";
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var alone = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('sandbox_settings.phone-book'))", connection))
            await alone.ExecuteNonQueryAsync(cancel);
        var known = await ReadAsync(connection, cancel);
        var entries = known.Any(entry => entry.Number == number)
            ? known.Select(entry => entry.Number == number ? entry with { Name = named } : entry).ToArray()
            : [.. known, new PhoneEntry(number, named)];
        if (entries.Length > Most)
            return $"There are {Most} handsets already, and no more fit.";
        await WriteAsync(connection, entries, cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    private async Task<IReadOnlyList<PhoneEntry>> ReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select value from sandbox_settings where key = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Key });
        return await command.ExecuteScalarAsync(cancel) is byte[] kept && Decode(kept) is { Length: > 0 } entries ? entries : First;
    }

    private async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<PhoneEntry> entries, CancellationToken cancel)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes([.. entries.Select(entry => new Kept(entry.Number.Canonical, entry.Name))], PhoneBookJson.Default.KeptArray);
        await using var command = new NpgsqlCommand(
            "insert into sandbox_settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Key });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = keys.Protect(data, Place) });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private PhoneEntry[] Decode(byte[] kept)
    {
        try
        {
            var entries = JsonSerializer.Deserialize(keys.Unprotect(kept, Place), PhoneBookJson.Default.KeptArray) ?? [];
            return [.. entries.Where(entry => TestNumber.TryParse(entry.Number, out _)).Select(entry => Entry(entry.Number, entry.Name))];
        }
        // Sealed by a key that is gone: handsets are made anew in a minute.
        catch (Exception lost) when (lost is CipherRefusedException or UnknownMasterKeyException or CryptographicException or JsonException)
        {
            return [];
        }
    }

    private static PhoneEntry Entry(string number, string name) =>
        TestNumber.TryParse(number, out var parsed) ? new PhoneEntry(parsed, name) : throw new ArgumentException("Not a test number.", nameof(number));

    internal sealed record Kept(string Number, string Name);
}

/// <summary>How the handsets are written.</summary>
[JsonSerializable(typeof(PhoneBook.Kept[]))]
internal sealed partial class PhoneBookJson : JsonSerializerContext;
