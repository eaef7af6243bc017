using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>What the sandbox was told to do wrong, and who opted out at its carrier; kept encrypted, since it holds numbers.</summary>
public sealed class SandboxState(Databases databases, MasterKeys keys, TimeProvider time) : IDisposable
{
    private const string Place = "sandbox_settings.value|state";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private Snapshot? _snapshot;
    private long _readAt;

    /// <summary>The state, at most a second old, which is how soon another replica's change counts here.</summary>
    public async ValueTask<Snapshot> CurrentAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _snapshot) is { } known && time.GetElapsedTime(Volatile.Read(ref _readAt)) < Fresh)
            return known;
        await _reading.WaitAsync(cancel);
        try
        {
            if (_snapshot is not null && time.GetElapsedTime(_readAt) < Fresh)
                return _snapshot;
            await using var command = databases.Pages.CreateCommand("select value from sandbox_settings where key = 'state'");
            return Keep(Decode(await command.ExecuteScalarAsync(cancel) as byte[]));
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Replaces the faults of a number, or of everybody when it is null.</summary>
    public Task SetFaultsAsync(string? number, SandboxFault faults, CancellationToken cancel) => ChangeAsync(
        stored => number is null
            ? stored with { Everywhere = faults }
            : stored with
            {
                Numbers = stored.Numbers.Where(one => one.Key != number)
                    .Concat(faults == SandboxFault.None ? [] : [KeyValuePair.Create(number, faults)])
                    .ToDictionary(),
            },
        cancel);

    /// <summary>Notes that a person opted out or in at the carrier, as Twilio does by its own keywords.</summary>
    internal Task SetOptedOutAsync(string number, bool isOut, CancellationToken cancel) => ChangeAsync(
        stored => stored with { OptedOut = [.. stored.OptedOut.Where(one => one != number), .. isOut ? [number] : Array.Empty<string>()] },
        cancel);

    public void Dispose() => _reading.Dispose();

    private async Task ChangeAsync(Func<StoredState, StoredState> change, CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The row is made first, so that there is always one to lock.
        await using var read = new NpgsqlCommand(
            """
            with made as (insert into sandbox_settings (key, value) values ('state', ''::bytea) on conflict (key) do nothing)
            select pg_advisory_xact_lock(hashtext('sandbox_settings.state'))
            """, connection, transaction);
        await read.ExecuteNonQueryAsync(cancel);
        await using var current = new NpgsqlCommand("select value from sandbox_settings where key = 'state'", connection, transaction);
        var changed = change(Decode(await current.ExecuteScalarAsync(cancel) as byte[]));
        await using var write = new NpgsqlCommand("update sandbox_settings set value = $1 where key = 'state'", connection, transaction);
        write.Parameters.Add(new NpgsqlParameter
        {
            Value = keys.Protect(JsonSerializer.SerializeToUtf8Bytes(changed, SandboxStateJson.Default.StoredState), Place),
        });
        await write.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        Keep(changed);
    }

    private Snapshot Keep(StoredState stored)
    {
        var made = new Snapshot(stored.Everywhere, stored.Numbers.ToFrozenDictionary(), stored.OptedOut.ToFrozenSet());
        Volatile.Write(ref _readAt, time.GetTimestamp());
        Volatile.Write(ref _snapshot, made);
        return made;
    }

    private StoredState Decode(byte[]? value)
    {
        if (value is null or [])
            return new StoredState();
        try
        {
            return JsonSerializer.Deserialize(keys.Unprotect(value, Place), SandboxStateJson.Default.StoredState) ?? new StoredState();
        }
        // Sealed by a key that is gone: a toy's settings are not worth a start that fails.
        catch (Exception lost) when (lost is CipherRefusedException or UnknownMasterKeyException or CryptographicException)
        {
            return new StoredState();
        }
    }

    /// <summary>The state at one moment.</summary>
    public sealed record Snapshot(SandboxFault Everywhere, FrozenDictionary<string, SandboxFault> Numbers, FrozenSet<string> OptedOut)
    {
        /// <summary>Whether a fault is switched on for a number.</summary>
        public bool Has(SandboxFault fault, string number) =>
            ((Everywhere | Numbers.GetValueOrDefault(number)) & fault) != 0;
    }

    internal sealed record StoredState
    {
        public SandboxFault Everywhere { get; init; }
        public Dictionary<string, SandboxFault> Numbers { get; init; } = [];
        public string[] OptedOut { get; init; } = [];
    }
}

/// <summary>How the state is written.</summary>
[JsonSerializable(typeof(SandboxState.StoredState))]
internal sealed partial class SandboxStateJson : JsonSerializerContext;
