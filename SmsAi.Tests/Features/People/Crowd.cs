using NpgsqlTypes;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.People;

/// <summary>Makes many people who don't exist: invented numbers of the +1 555 01 block, spread over tiers, countries, months and costs.</summary>
static class Crowd
{
    static readonly string[] Countries = ["US", "US", "US", "US", "US", "GB", "GB", "DE", "CA", "FR"];

    /// <summary>The number of the n-th of them.</summary>
    public static string NumberOf(int n) => $"+1555010{n:0000000}";

    /// <summary>Adds people n = 1 to <paramref name="many"/> with id n; the n-th wrote n minutes before <paramref name="now"/>. One in 500 is blocked, every tenth costs something.</summary>
    public static async Task AddAsync(TestDatabase database, int many, DateTimeOffset now)
    {
        await using (var connection = await database.Owner.OpenConnectionAsync())
        await using (var rows = await connection.BeginBinaryImportAsync("""
            copy users (id, phone_hash, phone_tail, alias, country, tier_id, is_blocked, created_at)
            from stdin (format binary)
            """))
        {
            for (var n = 1; n <= many; n++)
            {
                await rows.StartRowAsync();
                await rows.WriteAsync((long)n, NpgsqlDbType.Bigint);
                await rows.WriteAsync(TestKeys.Hasher.Hash(NumberOf(n)), NpgsqlDbType.Bytea);
                await rows.WriteAsync($"{n % 100:00}", NpgsqlDbType.Text);
                await rows.WriteAsync(Aliases.Of(n), NpgsqlDbType.Text);
                await rows.WriteAsync(n % 5000 == 0 ? "IS" : Countries[n % Countries.Length], NpgsqlDbType.Text);
                await rows.WriteAsync((short)(n % 20 == 0 ? 3 : n % 4 == 0 ? 2 : 1), NpgsqlDbType.Smallint);
                await rows.WriteAsync(n % 500 == 0, NpgsqlDbType.Boolean);
                await rows.WriteAsync(now.UtcDateTime.AddMinutes(-n).AddDays(-30), NpgsqlDbType.TimestampTz);
            }

            await rows.CompleteAsync();
        }

        await database.ExecuteAsync(
            """
            update user_activity a set last_active = $1 - make_interval(mins => n::int), texts_month = n % 100,
              counted_month = case when n % 3 = 0 then $2 - interval '1 month' else $2 end,
              spend_micros = case when n % 10 = 0 then n * 100 else 0 end,
              spend_month = case when n % 10 <> 0 then '1970-01-01' when n % 30 = 0 then $2 - interval '1 month' else $2 end
            from (select user_id as n from user_activity) numbered where a.user_id = n
            """, now.UtcDateTime, new DateOnly(now.Year, now.Month, 1));
        await database.ExecuteAsync("vacuum analyze users");
        await database.ExecuteAsync("vacuum full analyze user_activity");
    }
}
