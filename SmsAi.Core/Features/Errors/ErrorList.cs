using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Errors;

/// <summary>Reads kept errors page by page, newest first, and one in full.</summary>
public sealed class ErrorList(Databases databases)
{
    public async Task<ErrorWindow> ReadAsync(ErrorFilter filter, ErrorCursor? before, ErrorCursor? after, int size, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(after is null ? ErrorSql.Older : ErrorSql.Newer);
        var cursor = after ?? before;
        foreach (var (value, type) in ((object?, NpgsqlDbType)[])
        [
            (filter.From.UtcDateTime, NpgsqlDbType.TimestampTz), (filter.Until?.UtcDateTime, NpgsqlDbType.TimestampTz), (filter.IsOpen, NpgsqlDbType.Boolean),
            (filter.Category, NpgsqlDbType.Text), (filter.Severity, NpgsqlDbType.Text), (filter.Component, NpgsqlDbType.Text), (filter.Kind, NpgsqlDbType.Text),
            (cursor?.At.UtcDateTime, NpgsqlDbType.TimestampTz), (cursor?.Id, NpgsqlDbType.Bigint), (size + 1, NpgsqlDbType.Integer),
        ])
            command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        var errors = new List<ErrorView>();
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel)) errors.Add(View(rows));

        var goesOn = errors.Count > size;
        if (goesOn) errors.RemoveAt(size);
        if (after is not null) errors.Reverse();
        return new(errors, HasNewer: after is null ? before is not null : goesOn, HasOlder: after is not null || goesOn);
    }

    /// <summary>One error by its number; null when there is none.</summary>
    public async Task<ErrorDetail?> FindAsync(long id, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ErrorSql.One);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new(View(row), Text(row, 16), row.GetInt64(17), row.IsDBNull(18) ? id : row.GetInt64(18)) : null;
    }

    /// <summary>Every component that has an error.</summary>
    public async Task<IReadOnlyList<string>> ComponentsAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ErrorSql.Components);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var components = new List<string>();
        while (await rows.ReadAsync(cancel)) components.Add(rows.GetString(0));
        return components;
    }

    private static ErrorView View(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7),
        row.GetBoolean(8), row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9), Text(row, 10), Text(row, 11),
        row.IsDBNull(12) ? null : new(row.GetInt64(12), row.GetString(13), Text(row, 14) ?? ""), ErrorContext.Of(row.GetString(15)));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
