using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Access;

/// <summary>
/// Counts tries for e-mails nobody has as <see cref="SignInTries"/> does for accounts, on all replicas together, so that no answer tells which
/// is which. Only keyed hashes are kept, for a week.
/// </summary>
public sealed class UnknownTries(Databases databases, PhoneHasher hasher, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>The second half is the count of an account's tries, word for word. Rows that others hold are left to them, so that nobody waits.</summary>
    private const string Count = """
        with outdated as (
          delete from unknown_tries where email_hash in (
            select email_hash from unknown_tries where tried_at < $5 and email_hash <> $1 order by tried_at limit 100 for update skip locked))
        insert into unknown_tries as known (email_hash, failed_count, lockout_end, tried_at) values ($1, 1, null, $2)
        on conflict (email_hash) do update set
          failed_count = case when known.failed_count + 1 >= $3 then 0 else known.failed_count + 1 end,
          lockout_end = case when known.failed_count + 1 >= $3 then $2 + $4 else null end,
          tried_at = $2
        where known.lockout_end is null or known.lockout_end <= $2
        returning failed_count, lockout_end
        """;

    /// <summary>Counts a try; null while the e-mail waits as an account would.</summary>
    public async Task<TriesLeft?> CountAsync(string email, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var command = databases.Pages.CreateCommand(Count);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hasher.HashEmail(email) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SignInTries.Most });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = SignInTries.Wait });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now - Kept });
        return await SignInTries.ReadAsync(command, cancel);
    }
}
