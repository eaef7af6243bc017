using Npgsql;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// Reads people's keys. Each call asks the database which of them still exist, so an erased person's key stops working at once,
/// in every replica; only the unwrapping is remembered.
/// </summary>
public sealed class PersonKeys(MasterKeys masters)
{
    internal const int Remembered = 4_096;

    private const string Select = "select key_id, wrapped from user_keys where key_id = any($1)";

    private readonly PersonKeyCache _unwrapped = new(Remembered);

    /// <summary>The living keys among these, by id. An id that is missing in the answer belongs to a destroyed key.</summary>
    public async ValueTask<IReadOnlyDictionary<Guid, PersonKey>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> keyIds, CancellationToken cancel)
    {
        var wanted = keyIds.Distinct().ToArray();
        var living = new Dictionary<Guid, PersonKey>(wanted.Length);
        if (wanted.Length == 0)
            return living;

        await using var command = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = wanted } } };
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
                living.Add(reader.GetGuid(0), Unwrap(reader));
        }

        foreach (var id in wanted.Where(id => !living.ContainsKey(id)))
            _unwrapped.Remove(id);
        return living;
    }

    private PersonKey Unwrap(NpgsqlDataReader row)
    {
        var id = row.GetGuid(0);
        if (_unwrapped.Find(id) is { } known)
            return known;

        var key = masters.Unwrap(id, row.GetFieldValue<byte[]>(1));
        _unwrapped.Add(key);
        return key;
    }
}
