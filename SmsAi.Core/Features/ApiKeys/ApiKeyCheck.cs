using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>Asks at each call whether a key still works: a revoked one is refused by every replica from that moment on.</summary>
public sealed class ApiKeyCheck(Databases databases, TimeProvider clock)
{
    /// <summary>A last use is written at most so often.</summary>
    public static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    private const int HashColumn = 13;

    /// <summary>The key with this secret; null when there is none.</summary>
    public async Task<ApiKey?> FindAsync(ApiKeySecret secret, CancellationToken cancel)
    {
        var (key, hash) = await ReadAsync(secret.Prefix, cancel);
        return key is not null && secret.Fits(hash) ? await NoteUseAsync(key, cancel) : null;
    }

    /// <summary>The key a token was given for.</summary>
    public async Task<ApiKey?> FindAsync(string prefix, CancellationToken cancel) =>
        (await ReadAsync(prefix, cancel)).Key is { } key ? await NoteUseAsync(key, cancel) : null;

    internal static ApiKey KeyOf(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Prefix = row.GetString(1),
        Name = row.GetString(2),
        Role = row.GetString(3),
        Scopes = row.GetFieldValue<string[]>(4),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(5),
        CreatedBy = row.GetString(6),
        ExpiresAt = row.GetFieldValue<DateTimeOffset>(7),
        LastUsedAt = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        RevokedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        RevokedBy = row.IsDBNull(10) ? null : row.GetString(10),
        ReplacedBy = row.IsDBNull(11) ? null : row.GetString(11),
        HasMaker = row.GetBoolean(12),
    };

    private async Task<(ApiKey? Key, byte[] Hash)> ReadAsync(string prefix, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(ApiKeysSql.Find);
        command.Parameters.Add(new() { Value = prefix });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (KeyOf(row), row.GetFieldValue<byte[]>(HashColumn)) : (null, []);
    }

    private async Task<ApiKey> NoteUseAsync(ApiKey key, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (key.StateAt(now) is not (ApiKeyState.Active or ApiKeyState.Replaced) || now - key.LastUsedAt < TouchEvery)
            return key;
        await using var command = databases.Pages.CreateCommand(ApiKeysSql.Touch);
        command.Parameters.Add(new() { Value = key.Id });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now - TouchEvery });
        await command.ExecuteNonQueryAsync(cancel);
        return key;
    }
}
