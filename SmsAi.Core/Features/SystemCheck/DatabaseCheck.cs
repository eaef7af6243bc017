using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Tests the database: that it answers, that it has our schema, that its clock is ours, and that our keys open what it holds.</summary>
public sealed class DatabaseCheck(Databases databases, MigrationRunner migrations, MasterKeys masters, PhoneHasher hasher, TimeProvider clock)
{
    private const string OnePerson = """
        select u.id, u.phone_hash, u.phone_cipher, k.key_id, k.wrapped from users u
        join user_keys k on k.user_id = u.id and k.month = date '1970-01-01' where u.phone_cipher is not null order by u.id desc limit 1
        """;

    internal async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancel)
    {
        var version = await GuardAsync("Database", "select version()", VersionAsync, cancel);
        return version.Status == CheckStatus.Fail
            ? [version]
            : [
                version,
                await GuardAsync("Schema", "schema_migrations against the migrations of this program", SchemaAsync, cancel),
                await GuardAsync("Clock", "select clock_timestamp()", ClockAsync, cancel),
                await GuardAsync("Privacy keys", "a stored person's number, decrypted and hashed again", KeysAsync, cancel),
            ];
    }

    private async Task<CheckResult> VersionAsync(string name, string asked, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        await using var command = databases.Pages.CreateCommand(asked);
        var version = (string)(await command.ExecuteScalarAsync(cancel))!;
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var answer = string.Create(CultureInfo.InvariantCulture, $"{version.Split(" on ")[0]} in {took:0.0} ms");
        return took > 50
            ? CheckResult.Warn(name, asked, answer, "Bring the database nearer: every text waits for it three times.")
            : CheckResult.Ok(name, asked, answer);
    }

    private async Task<CheckResult> SchemaAsync(string name, string asked, CancellationToken cancel)
    {
        var plan = await migrations.PlanAsync(cancel);
        if (plan.Faults is [var fault, ..])
            return CheckResult.Fail(name, asked, fault, "Compare the program's version with the one that migrated this database.");
        return plan.Pending.Count > 0
            ? CheckResult.Fail(name, asked, $"{plan.Pending.Count} migrations are missing, the first is {plan.Pending[0].Title}", "Run the verb migrate.")
            : CheckResult.Ok(name, asked, "up to date");
    }

    private async Task<CheckResult> ClockAsync(string name, string asked, CancellationToken cancel)
    {
        var before = clock.GetUtcNow();
        await using var command = databases.Pages.CreateCommand("select clock_timestamp()");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var between = before + (clock.GetUtcNow() - before) / 2;
        var apart = (reader.GetFieldValue<DateTimeOffset>(0) - between).TotalSeconds;
        var answer = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(apart):0.000} s {(apart < 0 ? "behind" : "ahead of")} this machine");
        return Math.Abs(apart) > 2
            ? CheckResult.Warn(name, asked, answer, "Let both machines take their time from the same source (NTP).")
            : CheckResult.Ok(name, asked, answer);
    }

    private async Task<CheckResult> KeysAsync(string name, string asked, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(OnePerson);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            return CheckResult.Ok(name, asked, "both keys are set; nobody is stored yet");
        try
        {
            var key = masters.Unwrap(reader.GetGuid(3), reader.GetFieldValue<byte[]>(4));
            var number = key.Decrypt(reader.GetFieldValue<byte[]>(2), "users.phone", reader.GetInt64(0));
            return hasher.Hash(number).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(1))
                ? CheckResult.Ok(name, asked, "both keys are set and fit what is stored")
                : CheckResult.Fail(name, asked, "the hash differs", "Set Privacy:PhoneHashKey to the key this database was begun with; people are not recognised otherwise.");
        }
        catch (Exception fault) when (fault is UnknownMasterKeyException or CipherRefusedException)
        {
            return CheckResult.Fail(name, asked, "the stored number can't be decrypted",
                "Set Privacy:EncryptionKey, or add the former one to Privacy:PreviousEncryptionKeys.");
        }
    }

    private static async Task<CheckResult> GuardAsync(
        string name, string asked, Func<string, string, CancellationToken, Task<CheckResult>> check, CancellationToken cancel)
    {
        try
        {
            return await check(name, asked, cancel);
        }
        catch (PostgresException fault)
        {
            return CheckResult.Fail(name, asked, $"{fault.SqlState}: {Redaction.Of(fault.MessageText)}", "Check ConnectionStrings:Postgres and the login's rights.");
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return CheckResult.Fail(name, asked, "no answer", "Check that PostgreSQL runs and that ConnectionStrings:Postgres names it.");
        }
    }
}
