using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>The keys that sign tokens, shared by all replicas: kept in PostgreSQL, encrypted under the master key, a new one each month.</summary>
public sealed partial class TokenKeys(Databases databases, MasterKeys masters, TimeProvider clock, ILogger<TokenKeys> log)
{
    private const int KeyBytes = 32;
    private static readonly TimeSpan SignsFor = TimeSpan.FromDays(30);

    // Far longer than any token signed by it lives.
    private static readonly TimeSpan ReadsFor = SignsFor + TimeSpan.FromDays(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, TokenKey> _known = new();
    private DateTimeOffset _askedAt;

    /// <summary>The key that signs now; made when there is none, or the last one is a month old.</summary>
    internal async Task<TokenKey> CurrentAsync(CancellationToken cancel)
    {
        if (Newest() is { } known)
            return known;
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, ApiKeysSql.OneAtATime, cancel);
        await LoadAsync(connection, cancel);
        if (Newest() is { } found)
            return found;
        var made = new TokenKey(Guid.CreateVersion7(clock.GetUtcNow()), RandomNumberGenerator.GetBytes(KeyBytes), clock.GetUtcNow());
        await ExecuteAsync(connection, ApiKeysSql.AddTokenKey, cancel, made.Id, masters.Protect(made.Secret, Place(made.Id)), made.At);
        await transaction.CommitAsync(cancel);
        _known[made.Id] = made;
        return made;
    }

    /// <summary>The key of this id; another replica may have made it a moment ago.</summary>
    internal async Task<TokenKey?> FindAsync(Guid id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!_known.ContainsKey(id) && now - _askedAt >= AskAgain)
        {
            _askedAt = now;
            await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
            await LoadAsync(connection, cancel);
        }

        return _known.TryGetValue(id, out var key) && now - key.At < ReadsFor ? key : null;
    }

    private TokenKey? Newest() => _known.Values.Where(key => clock.GetUtcNow() - key.At < SignsFor).MaxBy(key => key.At);

    private async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(ApiKeysSql.TokenKeys, connection);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var id = rows.GetGuid(0);
            if (!_known.ContainsKey(id) && Unwrap(id, rows.GetFieldValue<byte[]>(1)) is { } secret)
                _known[id] = new(id, secret, rows.GetFieldValue<DateTimeOffset>(2));
        }
    }

    /// <summary>Under a master key that is gone it is left out: its tokens end within minutes anyway.</summary>
    private byte[]? Unwrap(Guid id, byte[] wrapped)
    {
        try
        {
            return masters.Unprotect(wrapped, Place(id));
        }
        catch (Exception fault) when (fault is UnknownMasterKeyException or CipherRefusedException)
        {
            LogUnreadable(id, fault.GetType().Name);
            return null;
        }
    }

    private static string Place(Guid id) => $"token_keys.wrapped|{id:N}";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(7210, LogLevel.Warning, "The token key {Id} can't be read ({Fault}) and is left out")]
    private partial void LogUnreadable(Guid id, string fault);
}

/// <summary>One key that signs tokens.</summary>
internal sealed record TokenKey(Guid Id, byte[] Secret, DateTimeOffset At);
