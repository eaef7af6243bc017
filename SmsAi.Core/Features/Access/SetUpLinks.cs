using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>The one-time links that make the first owner: valid 30 minutes, once, only while nobody may sign in. Only their hashes are kept.</summary>
public sealed class SetUpLinks(Databases databases, TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);
    private const int TokenBytes = 32;

    public async Task<bool> AreNeededAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("select not exists (select from operators)");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Makes a link's token; it is known to nobody but the caller afterwards.</summary>
    public async Task<string> CreateAsync(CancellationToken cancel)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        await using var command = databases.Pages.CreateCommand("""
            with outdated as (delete from setup_links where expires_at < $3)
            insert into setup_links (token_hash, expires_at) values ($1, $2)
            """);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Hash(token) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() + Life });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() - Life });
        await command.ExecuteNonQueryAsync(cancel);
        return token;
    }

    /// <summary>Uses the link up in the caller's transaction. Whoever comes second, by this link or another, waits for the first and is refused.</summary>
    internal async Task<bool> TryUseAsync(NpgsqlConnection connection, string token, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            update setup_links set used_at = $2
            where token_hash = $1 and used_at is null and expires_at > $2 and not exists (select from operators)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Hash(token) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() });
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
