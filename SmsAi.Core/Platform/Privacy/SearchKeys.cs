using Npgsql;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>The search keys, one per month, wrapped in the table search_keys; a month whose key is gone can't be searched any more.</summary>
public sealed class SearchKeys(NpgsqlDataSource database, MasterKeys masters)
{
    private const string Insert = """
        insert into search_keys (month, key_id, wrapped, master_id) values ($1, $2, $3, $4)
        on conflict (month) do nothing
        """;

    private const string SelectOne = "select month, key_id, wrapped from search_keys where month = $1";

    private const string SelectAll = "select month, key_id, wrapped from search_keys order by month desc";

    /// <summary>
    /// The key of the month this day lies in, made if there is none. Of several replicas that make one, the first wins for all.
    /// Ask only for texts whose month still has its body keys: a new key for an old month would revive its search.
    /// </summary>
    public async ValueTask<SearchKey> GetOrCreateAsync(DateOnly day, CancellationToken cancel)
    {
        var month = new DateOnly(day.Year, day.Month, 1);
        if (await ReadAsync(SelectOne, month, cancel) is [var known])
            return known;

        await CreateAsync(month, cancel);
        return await ReadAsync(SelectOne, month, cancel) is [var made]
            ? made
            : throw new InvalidOperationException($"The search key of {month:yyyy-MM} was destroyed while it was made.");
    }

    /// <summary>The keys of all months that can still be searched, newest first.</summary>
    public async ValueTask<IReadOnlyList<SearchKey>> LivingAsync(CancellationToken cancel) => await ReadAsync(SelectAll, null, cancel);

    private async Task CreateAsync(DateOnly month, CancellationToken cancel)
    {
        var key = PersonKey.Create();
        await using var command = database.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = month });
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(new() { Value = masters.Protect(key.Material.ToArray(), Place(month, key.Id)) });
        command.Parameters.Add(new() { Value = masters.CurrentId });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<List<SearchKey>> ReadAsync(string sql, DateOnly? month, CancellationToken cancel)
    {
        var keys = new List<SearchKey>();
        await using var command = database.CreateCommand(sql);
        if (month is not null)
            command.Parameters.Add(new() { Value = month });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var of = reader.GetFieldValue<DateOnly>(0);
            keys.Add(new SearchKey(of, masters.Unprotect(reader.GetFieldValue<byte[]>(2), Place(of, reader.GetGuid(1)))));
        }

        return keys;
    }

    private static string Place(DateOnly month, Guid keyId) => $"search_keys.wrapped|{month:yyyy-MM}|{keyId:N}";
}
