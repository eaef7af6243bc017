using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>How many tries an account has left; none means wait until <paramref name="LockedUntil"/>.</summary>
public readonly record struct TriesLeft(int Count, DateTimeOffset? LockedUntil);

/// <summary>
/// Five wrong passwords, then a wait of 15 minutes. A try is counted before the password is looked at, in one statement, so that
/// many at once don't get more tries than one after another.
/// </summary>
public sealed class SignInTries(Databases databases, TimeProvider time)
{
    public const int Most = 5;
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(15);

    private const string Count = """
        update operators set
          access_failed_count = case when access_failed_count + 1 >= $3 then 0 else access_failed_count + 1 end,
          lockout_end = case when access_failed_count + 1 >= $3 then $2 + $4 else null end
        where id = $1 and (lockout_end is null or lockout_end <= $2)
        returning access_failed_count, lockout_end
        """;

    /// <summary>Counts a try; null when the account waits and the password must not be looked at.</summary>
    public async Task<TriesLeft?> CountAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Count);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = operatorId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Most });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Wait });
        return await ReadAsync(command, cancel);
    }

    /// <summary>This one was right, but more is asked for: it doesn't count, and earlier slips still do.</summary>
    public async Task TakeBackAsync(long operatorId, TriesLeft counted, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(counted.LockedUntil is null
            ? "update operators set access_failed_count = greatest(access_failed_count - 1, 0) where id = $1"
            : "update operators set access_failed_count = $2, lockout_end = null where id = $1 and lockout_end = $3");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = operatorId });
        if (counted.LockedUntil is { } until)
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Most - 1 });
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = until });
        }

        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>All was right: earlier slips are forgotten.</summary>
    public async Task ForgetAsync(long operatorId, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("update operators set access_failed_count = 0, lockout_end = null where id = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = operatorId });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What a count returned: a row, or none while there is to wait.</summary>
    internal static async Task<TriesLeft?> ReadAsync(NpgsqlCommand count, CancellationToken cancel)
    {
        await using var reader = await count.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel)) return null;
        return reader.IsDBNull(1) ? new TriesLeft(Most - reader.GetInt32(0), null) : new TriesLeft(0, reader.GetFieldValue<DateTimeOffset>(1));
    }
}
