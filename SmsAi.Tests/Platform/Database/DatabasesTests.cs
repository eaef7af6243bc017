using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Tests.Platform.Database;

/// <summary>The pools keep to themselves and say nothing they shouldn't.</summary>
public sealed class DatabasesTests
{
    [Fact]
    public async Task Road_has_room_while_pages_and_exports_are_full()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var databases = new Databases(database.ConnectionString);
        var held = new List<NpgsqlConnection>();
        for (var page = 0; page < 8; page++) held.Add(await databases.Pages.OpenConnectionAsync());
        for (var export = 0; export < 2; export++) held.Add(await databases.Exports.OpenConnectionAsync());
        await using (var road = databases.Road.CreateCommand("select 1")) (await road.ExecuteScalarAsync()).ShouldBe(1);
        await Should.ThrowAsync<NpgsqlException>(async () => await databases.Pages.OpenConnectionAsync());
        foreach (var connection in held) await connection.DisposeAsync();
    }

    [Fact]
    public async Task Pages_are_cut_off_after_fifteen_seconds_and_everyone_speaks_utc()
    {
        await using var database = await TestDatabase.CreateAsync();
        static async Task<string?> ShowAsync(NpgsqlDataSource pool, string setting)
        {
            await using var command = pool.CreateCommand($"show {setting}");
            return (string?)await command.ExecuteScalarAsync();
        }
        (await ShowAsync(database.Databases.Pages, "statement_timeout")).ShouldBe("15s");
        (await ShowAsync(database.Databases.Exports, "statement_timeout")).ShouldBe("0");
        (await ShowAsync(database.Databases.Road, "timezone")).ShouldBe("UTC");
        (await ShowAsync(database.Databases.Road, "application_name")).ShouldBe("smsai-road");
    }

    [Fact]
    public async Task Fault_of_a_row_does_not_repeat_the_row()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var databases = new Databases(database.ConnectionString + ";Include Error Detail=true");
        await using var twice = databases.Road.CreateCommand("insert into consents (phone_hash, state, source) values (decode(repeat('ab', 32), 'hex'), 'in', 'canary-word'), (decode(repeat('ab', 32), 'hex'), 'in', 'x')");
        var fault = await Should.ThrowAsync<PostgresException>(() => twice.ExecuteNonQueryAsync());
        fault.ToString().ShouldNotContain("abab");
    }

    [Fact]
    public async Task Dead_server_is_noticed_within_the_connect_time_out()
    {
        await using var databases = new Databases($"Host=127.0.0.1;Port={FreePort.Next()};Username=x;Database=x;Timeout=30");
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await Should.ThrowAsync<NpgsqlException>(async () => await databases.Road.OpenConnectionAsync());
        System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Pools_survive_a_crash_of_the_server()
    {
        await using var postgres = await TestPostgres.StartNewAsync(durable: true);
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using (var before = database.Databases.Road.CreateCommand("insert into consents (phone_hash, state, source) values (decode(repeat('ab', 32), 'hex'), 'out', 'text')"))
            await before.ExecuteNonQueryAsync();
        await postgres.CrashAsync();
        await postgres.StartAsync();
        await Until.TrueAsync(async () =>
        {
            try
            {
                await using var after = database.Databases.Road.CreateCommand("select state from consents");
                return (string?)await after.ExecuteScalarAsync() == "out";
            }
            catch (NpgsqlException)
            {
                return false; // A pooled connection of before the crash.
            }
        }, "the row is read again");
    }

    [Fact]
    public async Task Frozen_server_answers_again_after_the_thaw()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var command = database.Databases.Road.CreateCommand("select 1");
        await command.ExecuteScalarAsync();
        await postgres.FreezeAsync();
        var asked = command.ExecuteScalarAsync();
        (await postgres.StatesAsync()).ShouldAllBe(state => state == 'T', "nobody is left who could answer");
        asked.IsCompleted.ShouldBeFalse();
        await postgres.ThawAsync();
        (await asked.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBe(1);
    }
}
