using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>The sandbox carrier's own record of texts. Numbers and bodies are encrypted there too; numbers are found by their hash.</summary>
public sealed class SandboxMessages(Databases databases, MasterKeys keys, PhoneHasher hasher, LiveFeed live)
{
    private const string Columns = "sid, direction = 'in', status, error_code, data, created_at";

    /// <summary>Both directions between a handset and us, newest first.</summary>
    public async Task<IReadOnlyList<SandboxMessage>> ThreadAsync(string handset, int count, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(
            $"""
            select {Columns} from sandbox_messages where to_hash = $1 or from_hash = $1
            order by created_at desc, sid desc limit $2
            """);
        command.Parameters.Add(new() { Value = hasher.Hash(handset) });
        command.Parameters.Add(new() { Value = count });
        return await ReadAsync(command, cancel);
    }

    /// <summary>Drops all texts of a person, found by her number's hash, when she is erased.</summary>
    public async Task<int> ForgetAsync(byte[] phoneHash, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("delete from sandbox_messages where to_hash = $1 or from_hash = $1");
        command.Parameters.Add(new() { Value = phoneHash });
        return await command.ExecuteNonQueryAsync(cancel);
    }

    internal async Task<SandboxMessage> AddAsync(SandboxMessage message, CancellationToken cancel)
    {
        var content = new SandboxMessage.Content(message.From, message.To, message.Body, message.StatusCallback);
        await using var command = databases.Pages.CreateCommand(
            """
            insert into sandbox_messages (sid, direction, to_hash, from_hash, status, data)
            values ($1, case when $2 then 'in' else 'out' end::message_direction, $3, $4, $5, $6) returning created_at
            """);
        command.Parameters.Add(new() { Value = message.Sid });
        command.Parameters.Add(new() { Value = message.IsInbound });
        command.Parameters.Add(new() { Value = hasher.Hash(message.To) });
        command.Parameters.Add(new() { Value = hasher.Hash(message.From) });
        command.Parameters.Add(new() { Value = message.Status });
        command.Parameters.Add(new()
        {
            Value = keys.Protect(JsonSerializer.SerializeToUtf8Bytes(content, SandboxMessageJson.Default.Content), Place(message.Sid)),
        });
        var createdAt = (DateTime)(await command.ExecuteScalarAsync(cancel))!;
        live.Publish(LiveTopics.Phone);
        return message with { CreatedAt = createdAt };
    }

    internal async Task SetStatusAsync(string sid, string status, int? errorCode, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("update sandbox_messages set status = $2, error_code = $3 where sid = $1");
        command.Parameters.Add(new() { Value = sid });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = (object?)errorCode ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await command.ExecuteNonQueryAsync(cancel);
        live.Publish(LiveTopics.Phone);
    }

    internal async Task<SandboxMessage?> FindAsync(string sid, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand($"select {Columns} from sandbox_messages where sid = $1");
        command.Parameters.Add(new() { Value = sid });
        return await ReadAsync(command, cancel) is [var found] ? found : null;
    }

    /// <summary>A page of the carrier's list, newest first; <paramref name="after"/> is the last text of the page before.</summary>
    internal async Task<IReadOnlyList<SandboxMessage>> ListAsync(
        string? to, string? from, DateTimeOffset? since, string? after, int count, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(
            $"""
            select {Columns} from sandbox_messages
            where ($1::bytea is null or to_hash = $1) and ($2::bytea is null or from_hash = $2)
              and ($3::timestamptz is null or created_at >= $3)
              and ($4::text is null or (created_at, sid) < (select created_at, sid from sandbox_messages where sid = $4))
            order by created_at desc, sid desc limit $5
            """);
        command.Parameters.Add(Nullable(to is null ? null : hasher.Hash(to), NpgsqlDbType.Bytea));
        command.Parameters.Add(Nullable(from is null ? null : hasher.Hash(from), NpgsqlDbType.Bytea));
        command.Parameters.Add(Nullable(since?.UtcDateTime, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Nullable(after, NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = count });
        return await ReadAsync(command, cancel);
    }

    /// <summary>Texts of ours whose way was not at its end when the process stopped.</summary>
    internal async Task<IReadOnlyList<SandboxMessage>> UnfinishedAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(
            $"""
            select {Columns} from sandbox_messages
            where direction = 'out' and status in ('queued', 'sent') and created_at > now() - interval '1 day'
            order by created_at limit 1000
            """);
        return await ReadAsync(command, cancel);
    }

    /// <summary>Drops what is older than the bodies of messages are kept anywhere.</summary>
    internal async Task<int> DropOldAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(
            "delete from sandbox_messages where sid in (select sid from sandbox_messages where created_at < now() - interval '90 days' limit 1000)");
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static string Place(string sid) => "sandbox_messages.data|" + sid;

    private async Task<IReadOnlyList<SandboxMessage>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        List<SandboxMessage> messages = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (Open(reader.GetString(0), reader.GetFieldValue<byte[]>(4)) is { } content)
                messages.Add(new SandboxMessage
                {
                    Sid = reader.GetString(0),
                    IsInbound = reader.GetBoolean(1),
                    Status = reader.GetString(2),
                    ErrorCode = reader.IsDBNull(3) ? null : reader.GetInt32(3),
                    CreatedAt = reader.GetFieldValue<DateTimeOffset>(5),
                    From = content.From,
                    To = content.To,
                    Body = content.Body,
                    StatusCallback = content.StatusCallback,
                });
        return messages;
    }

    private SandboxMessage.Content? Open(string sid, byte[] data)
    {
        try
        {
            return JsonSerializer.Deserialize(keys.Unprotect(data, Place(sid)), SandboxMessageJson.Default.Content);
        }
        // Sealed by a master key that is gone: the carrier has forgotten that text.
        catch (Exception lost) when (lost is CipherRefusedException or UnknownMasterKeyException or CryptographicException)
        {
            return null;
        }
    }
}
