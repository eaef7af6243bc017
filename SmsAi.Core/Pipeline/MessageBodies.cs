using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Pipeline;

/// <summary>Reads texts in the clear, for callers whose operator may read them: the right is theirs to check.</summary>
public sealed class MessageBodies(Databases databases, PersonKeys personKeys)
{
    public const string Place = "messages.body";

    /// <summary>Bytes a cipher is longer than its text: format, nonce, tag.</summary>
    public const int CipherOverhead = 29;

    private const string Sql = "select id, key_id, body_cipher from messages where id = any($1) and body_cipher is not null and key_id is not null";

    /// <summary>By message id. Erased texts are missing, and those that don't open.</summary>
    public async Task<IReadOnlyDictionary<long, string>> ReadAsync(IReadOnlyCollection<long> messages, CancellationToken cancel)
    {
        var texts = new Dictionary<long, string>(messages.Count);
        if (messages.Count == 0)
            return texts;

        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        var ciphers = await CiphersAsync(connection, messages, cancel);
        var keys = await personKeys.LoadAsync(connection, [.. ciphers.Select(cipher => cipher.Key).Distinct()], cancel);
        foreach (var (id, keyId, cipher) in ciphers)
        {
            if (keys.TryGetValue(keyId, out var key) && Open(key, cipher, id) is { } text)
                texts[id] = text;
        }

        return texts;
    }

    private static async Task<List<(long Id, Guid Key, byte[] Cipher)>> CiphersAsync(
        NpgsqlConnection connection, IReadOnlyCollection<long> messages, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = messages.ToArray() } } };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<(long, Guid, byte[])> ciphers = [];
        while (await rows.ReadAsync(cancel))
            ciphers.Add((rows.GetInt64(0), rows.GetGuid(1), rows.GetFieldValue<byte[]>(2)));
        return ciphers;
    }

    private static string? Open(PersonKey key, byte[] cipher, long id)
    {
        try
        {
            return key.Decrypt(cipher, Place, id);
        }
        catch (CipherRefusedException)
        {
            // A text that was tampered with is shown as one that can't be read.
            return null;
        }
    }
}
