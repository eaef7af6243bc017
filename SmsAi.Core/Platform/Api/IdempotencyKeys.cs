using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Platform.Api;

/// <summary>An act a caller names by a key of its own, so that asking twice is doing once.</summary>
/// <param name="Caller">Whose key it is: nobody meets another's.</param>
/// <param name="Hash">Of all that was asked for.</param>
/// <param name="BeginsAnew">A call that died in the middle is done again; else nobody does it, since it may have been done.</param>
public sealed record IdempotentCall(string Caller, string Key, string Route, byte[] Hash, bool BeginsAnew);

/// <summary>What becomes of a call with a key.</summary>
public abstract record IdempotencyVerdict
{
    private IdempotencyVerdict()
    {
    }

    /// <summary>It is this call's to do.</summary>
    public sealed record Claimed(DateTime At) : IdempotencyVerdict;

    /// <summary>It was done; this was the answer.</summary>
    public sealed record Done(int Status, string Response, string? ETag) : IdempotencyVerdict;

    /// <summary>Another call with the key is being done.</summary>
    public sealed record Running : IdempotencyVerdict;

    /// <summary>Another call with the key ended without an answer, and nobody knows whether it was done.</summary>
    public sealed record Unknown : IdempotencyVerdict;

    /// <summary>The key was used for something else.</summary>
    public sealed record Other : IdempotencyVerdict;
}

/// <summary>Remembers for a day what was answered to acts that came with a key.</summary>
public sealed class IdempotencyKeys(Databases databases)
{
    /// <summary>The data classes of the table say the same.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A call without an answer after this time is dead: the longest waits two seconds for acknowledgements.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    private const int AtOnce = 1_000;

    public async Task<IdempotencyVerdict> ClaimAsync(IdempotentCall call, CancellationToken cancel)
    {
        await using var claim = Command(IdempotencySql.Claim, call.Caller, call.Key, call.Route, call.Hash, Kept, LongestCall, call.BeginsAnew);
        if (await claim.ExecuteScalarAsync(cancel) is DateTime at)
            return new IdempotencyVerdict.Claimed(at);
        await using var find = Command(IdempotencySql.Find, call.Caller, call.Key, LongestCall);
        await using var row = await find.ExecuteReaderAsync(cancel);
        // Gone meanwhile: the other call was refused, so it may be asked again.
        if (!await row.ReadAsync(cancel))
            return new IdempotencyVerdict.Running();
        if (!row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(call.Hash))
            return new IdempotencyVerdict.Other();
        if (!row.IsDBNull(1))
            return new IdempotencyVerdict.Done(row.GetInt16(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3));
        return row.GetBoolean(4) ? new IdempotencyVerdict.Unknown() : new IdempotencyVerdict.Running();
    }

    /// <summary>What was done, for whoever asks again.</summary>
    public async Task KeepAsync(IdempotentCall call, DateTime claimedAt, int status, string response, string? etag)
    {
        await using var command = Command(IdempotencySql.Keep, call.Caller, call.Key, claimedAt, (short)status, response);
        command.Parameters.Add(new() { Value = (object?)etag ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Nothing was done: the key is free again.</summary>
    public async Task ReleaseAsync(IdempotentCall call, DateTime claimedAt)
    {
        await using var command = Command(IdempotencySql.Release, call.Caller, call.Key, claimedAt);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Forgets what is over; how many rows went.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancel)
    {
        var (all, now) = (0, 0);
        do
        {
            await using var command = Command(IdempotencySql.Drop, Kept, AtOnce);
            all += now = await command.ExecuteNonQueryAsync(cancel);
        }
        while (now == AtOnce);
        return all;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = databases.Pages.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
