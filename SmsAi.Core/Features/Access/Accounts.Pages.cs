using Npgsql;
using NpgsqlTypes;

namespace SmsAi.Core.Features.Access;

/// <summary>Which accounts a list is about.</summary>
/// <param name="Search">Part of a name or an e-mail address.</param>
/// <param name="State">One of the states here; null is any.</param>
public sealed record AccountFilter(string? Search = null, string? Role = null, string? State = null)
{
    /// <summary>May sign in at this moment.</summary>
    public const string Active = "active";

    /// <summary>Locked by somebody, or waiting after too many wrong tries.</summary>
    public const string Locked = "locked";

    /// <summary>The password alone opens the account.</summary>
    public const string NoFactor = "no-factor";
}

/// <summary>Where a page of accounts begins: behind this account, or before it.</summary>
public sealed record AccountPlace(long Id, bool IsBefore);

/// <summary>A page of accounts in the order of their names.</summary>
/// <param name="Before">The page before this one; null on the first.</param>
/// <param name="Matching">How many there are on all pages.</param>
public sealed record AccountWindow(IReadOnlyList<AccountLine> Accounts, AccountPlace? Before, AccountPlace? After, long Matching);

/// <content>Lists of accounts.</content>
public sealed partial class Accounts
{
    /// <summary>One account; null when it is gone.</summary>
    public async Task<AccountLine?> FindAsync(long account, TimeSpan idle, TimeSpan inAll, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var command = databases.Pages.CreateCommand(AccountSql.One);
        command.Parameters.AddRange((NpgsqlParameter[])[new() { Value = now - inAll }, new() { Value = now - idle }, new() { Value = account }]);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? LineOf(row, now) : null;
    }

    /// <summary>The accounts that fit, by name; from the first, when whose place it was is gone.</summary>
    public async Task<AccountWindow> PageAsync(AccountFilter filter, AccountPlace? place, int size, TimeSpan idle, TimeSpan inAll, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var batch = databases.Pages.CreateBatch();
        foreach (var sql in (string[])[AccountSql.Count, place is { IsBefore: true } ? AccountSql.Before : AccountSql.After])
        {
            var command = new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = now - inAll }, new() { Value = now - idle } } };
            foreach (var text in (string?[])[filter.Search is { } search ? Pattern(search) : null, filter.Role, filter.State])
                command.Parameters.Add(new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = now });
            if (sql != AccountSql.Count)
            {
                command.Parameters.Add(new() { Value = (object?)place?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
                command.Parameters.Add(new() { Value = size + 1 });
            }

            batch.BatchCommands.Add(command);
        }

        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        var matching = rows.GetInt64(0);
        await rows.NextResultAsync(cancel);
        var lines = new List<AccountLine>();
        while (await rows.ReadAsync(cancel)) lines.Add(LineOf(rows, now));
        if (place is not null && lines.Count == 0)
        {
            await rows.DisposeAsync();
            return await PageAsync(filter, null, size, idle, inAll, cancel);
        }

        var goesOn = lines.Count > size;
        if (goesOn) lines.RemoveAt(size);
        if (place is { IsBefore: true }) lines.Reverse();
        return new(
            lines,
            place is { IsBefore: true } ? goesOn ? new(lines[0].Id, true) : null : place is not null ? new(lines[0].Id, true) : null,
            place is { IsBefore: true } || goesOn ? new(lines[^1].Id, false) : null,
            matching);
    }

    /// <summary>What stands for anything in a pattern stands for itself in a search.</summary>
    private static string Pattern(string search) =>
        "%" + search.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    private static AccountLine LineOf(NpgsqlDataReader row, DateTimeOffset now)
    {
        var waits = row.IsDBNull(6) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(6);
        return new(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5), waits > now ? waits : null,
            row.GetFieldValue<DateTimeOffset>(7), row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8), row.GetInt64(9));
    }
}
