using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Platform.Access;

/// <summary>What operators chose for their own screens. It changes nothing for anyone else, so the audit trail doesn't hear of it.</summary>
public sealed class OperatorPreferences(Databases databases)
{
    /// <summary>$1 operator</summary>
    private const string Read = "select single_keys from operator_preferences where operator_id = $1";

    /// <summary>$1 operator $2 on</summary>
    private const string Write = """
        insert into operator_preferences (operator_id, single_keys) values ($1, $2) on conflict (operator_id) do update set single_keys = excluded.single_keys
        """;

    /// <summary>$1 operator</summary>
    private const string ReadLocale = "select language, is_12_hour, zone from operator_preferences where operator_id = $1";

    /// <summary>$1 operator $2 language $3 is_12_hour $4 zone</summary>
    private const string WriteLocale = """
        insert into operator_preferences (operator_id, language, is_12_hour, zone) values ($1, $2, $3, $4)
        on conflict (operator_id) do update set language = excluded.language, is_12_hour = excluded.is_12_hour, zone = excluded.zone
        """;

    /// <summary>Whether single letters act on her pages; they do until she turns them off.</summary>
    public async Task<bool> SingleKeysAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Read);
        command.Parameters.Add(new() { Value = operatorId });
        return await command.ExecuteScalarAsync(cancel) as bool? ?? true;
    }

    public async Task SetSingleKeysAsync(long operatorId, bool on, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Write);
        command.Parameters.Add(new() { Value = operatorId });
        command.Parameters.Add(new() { Value = on });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>How she reads numbers and times; what she never chose is null.</summary>
    public async Task<OperatorLocale> LocaleAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ReadLocale);
        command.Parameters.Add(new() { Value = operatorId });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(
                row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetBoolean(1),
                row.IsDBNull(2) ? null : row.GetString(2))
            : OperatorLocale.None;
    }

    public async Task SetLocaleAsync(long operatorId, OperatorLocale locale, CancellationToken cancel)
    {
        if (locale.Fault is { } fault) throw new ArgumentException(fault, nameof(locale));
        await using var command = databases.Pages.CreateCommand(WriteLocale);
        command.Parameters.Add(new() { Value = operatorId });
        command.Parameters.Add(new() { Value = (object?)locale.Language ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)locale.Is12Hour ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean });
        command.Parameters.Add(new() { Value = (object?)locale.Zone ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
