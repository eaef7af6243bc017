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
}
