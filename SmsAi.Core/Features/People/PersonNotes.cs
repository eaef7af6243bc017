using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.People;

/// <summary>What operators note about a person, encrypted under her profile key: it leaves with her. The trail says who noted, never what.</summary>
public sealed class PersonNotes(Databases databases, PersonKeys keys, LiveFeed live)
{
    public const int Longest = 2_000;

    private const string Place = "person_notes.text";
    private const int Most = 200;

    /// <summary>$1 user</summary>
    private const string Key = "select key_id from user_keys where user_id = $1 and month = date '1970-01-01'";

    /// <summary>$1 user $2 at most</summary>
    private const string Select = """
        select id, text_cipher, by_name, by_id, at, edited_by, edited_at, version from person_notes where user_id = $1 order by at desc, id desc limit $2
        """;

    private const string NextId = "select nextval(pg_get_serial_sequence('person_notes', 'id'))";

    /// <summary>$1 id $2 user $3 cipher $4 operator $5 name</summary>
    private const string Insert = "insert into person_notes (id, user_id, text_cipher, by_id, by_name) values ($1, $2, $3, $4, $5)";

    /// <summary>$1 id $2 user $3 cipher $4 by $5 version</summary>
    private const string Update = """
        update person_notes set text_cipher = $3, edited_by = $4, edited_at = now(), version = version + 1 where id = $1 and user_id = $2 and version = $5
        """;

    /// <summary>$1 id $2 user $3 version</summary>
    private const string Delete = "delete from person_notes where id = $1 and user_id = $2 and version = $3";

    /// <summary>Newest first; empty when her key is destroyed.</summary>
    public async Task<IReadOnlyList<PersonNote>> ReadAsync(long person, Actor actor, CancellationToken cancel)
    {
        PersonActs.Demand(actor, Rights.CanReadBodies);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        if (await KeyAsync(connection, person, cancel) is not { } key)
            return [];
        await using var command = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = person }, new() { Value = Most } } };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var notes = new List<PersonNote>();
        while (await rows.ReadAsync(cancel))
            notes.Add(NoteOf(rows, key));
        return notes;
    }

    public Task<NoteOutcome> AddAsync(long person, string text, Actor actor, CancellationToken cancel) => ActAsync(person, "note.add", actor, async (connection, key) =>
    {
        await using var next = new NpgsqlCommand(NextId, connection);
        var id = (long)(await next.ExecuteScalarAsync(cancel))!;
        await PersonActs.ExecuteAsync(connection, Insert, cancel, new() { Value = id }, new() { Value = person }, new() { Value = key.Encrypt(Checked(text), Place, id) },
            new() { Value = (object?)actor.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }, new() { Value = actor.Name });
        return id;
    }, cancel);

    /// <summary>Changes a note if it is still as it was seen.</summary>
    public Task<NoteOutcome> ChangeAsync(long person, PersonNote seen, string text, Actor actor, CancellationToken cancel) => ActAsync(person, "note.change", actor, async (connection, key) =>
        await PersonActs.ExecuteAsync(connection, Update, cancel, new() { Value = seen.Id }, new() { Value = person },
            new() { Value = key.Encrypt(Checked(text), Place, seen.Id) }, new() { Value = actor.Name }, new() { Value = seen.Version }) == 1 ? seen.Id : null, cancel);

    /// <summary>Removes a note if it is still as it was seen.</summary>
    public Task<NoteOutcome> RemoveAsync(long person, PersonNote seen, Actor actor, CancellationToken cancel) => ActAsync(person, "note.remove", actor, async (connection, _) =>
        await PersonActs.ExecuteAsync(connection, Delete, cancel, new() { Value = seen.Id }, new() { Value = person }, new() { Value = seen.Version }) == 1 ? seen.Id : null, cancel);

    private static string Checked(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, Longest, nameof(text));
        return text;
    }

    private static PersonNote NoteOf(NpgsqlDataReader row, PersonKey key)
    {
        var id = row.GetInt64(0);
        return new(
            id, key.Decrypt(row.GetFieldValue<byte[]>(1), Place, id), row.GetString(2), row.GetFieldValue<DateTimeOffset>(4),
            row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6), row.GetInt32(7));
    }

    private async Task<NoteOutcome> ActAsync(long person, string act, Actor actor, Func<NpgsqlConnection, PersonKey, Task<long?>> write, CancellationToken cancel)
    {
        PersonActs.Demand(actor, Rights.CanOperate);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await KeyAsync(connection, person, cancel) is not { } key)
            return NoteOutcome.NoKey;
        if (await write(connection, key) is not { } note)
            return NoteOutcome.Conflict;
        await PersonActs.AuditAsync(connection, actor, act, person, new { note }, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.People);
        return NoteOutcome.Done;
    }

    private async Task<PersonKey?> KeyAsync(NpgsqlConnection connection, long person, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Key, connection) { Parameters = { new() { Value = person } } };
        return await command.ExecuteScalarAsync(cancel) is Guid id && (await keys.LoadAsync(connection, [id], cancel)).TryGetValue(id, out var key) ? key : null;
    }
}

/// <summary>One note, in the clear.</summary>
public sealed record PersonNote(long Id, string Text, string By, DateTimeOffset At, string? EditedBy, DateTimeOffset? EditedAt, int Version);

/// <summary>What came of writing a note.</summary>
public enum NoteOutcome
{
    Done,

    /// <summary>Somebody else changed or removed it meanwhile.</summary>
    Conflict,

    /// <summary>The person was erased, or has no key to encrypt it under.</summary>
    NoKey,
}
