using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Ledger;

/// <summary>Readers under load and failure: two replicas, a reader that is broken, an event that is bad.</summary>
public sealed class LedgerReaderHostTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await NotingReader.MakeTableAsync(_database);
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Two_hosts_on_one_database_apply_each_event_once()
    {
        await using var other = new Databases(_database.ConnectionString);
        using var first = Host(_database.Databases, new NotingReader());
        using var second = Host(other, new NotingReader());
        await first.StartAsync(CancellationToken.None);
        await second.StartAsync(CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(1, 6).Select(async stream =>
        {
            for (var n = 0; n < 50; n++)
                await _database.AppendAsync(stream, "received");
        }));

        await Until.TrueAsync(async () => await CountAsync() >= 300, "the events are applied");
        await first.StopAsync(CancellationToken.None);
        await second.StopAsync(CancellationToken.None);
        (await CountAsync()).ShouldBe(300);
        (await _database.ScalarAsync<long>("select count(distinct event) from seen")).ShouldBe(300);
    }

    [Fact]
    public async Task Readers_that_share_what_was_read_each_apply_every_event_once_and_in_order()
    {
        var window = new LedgerWindow();
        using var quick = _database.Loop(new NotingReader("quick"), window);
        using var slow = _database.Loop(new NotingReader("slow"), window);
        using var late = _database.Loop(new NotingReader("late"), window);
        List<long> appended = [];
        for (var round = 0; round < 4; round++)
        {
            for (var n = 0; n < 3; n++)
                appended.Add(await _database.AppendAsync(1, "received"));
            // Settled once nothing that runs is older.
            await Until.TrueAsync(async () => await StepAsync(quick) && (await NotingReader.SeenAsync(_database, "quick")).Count == appended.Count, "the quick reader has all");
            if (round == 1)
                await StepAsync(slow);
        }

        await Until.TrueAsync(
            async () => await StepAsync(slow) && await StepAsync(late) && await _database.ScalarAsync<long>("select count(*) from seen") == 3 * appended.Count, "all have all");
        foreach (var reader in (string[])["quick", "slow", "late"])
            (await NotingReader.SeenAsync(_database, reader)).ShouldBe(appended);

        static async Task<bool> StepAsync(LedgerReaderLoop loop)
        {
            await loop.StepAsync(CancellationToken.None);
            return true;
        }
    }

    [Fact]
    public async Task News_wake_a_reader_before_its_second_is_over()
    {
        await using var feed = await RunningFeed.StartAsync(_database.Databases);
        // Idle again at once after each batch.
        var reader = new NotingReader { Pace = TimeSpan.FromMilliseconds(10) };
        using var host = new LedgerReaderHost(_database.Databases, [reader], feed.Live, NullLogger<LedgerReaderHost>.Instance);
        await host.StartAsync(CancellationToken.None);
        var waits = new List<TimeSpan>();
        for (var text = 0; text < 5; text++)
        {
            await _database.AppendAsync(1, "received");
            var appended = Stopwatch.GetTimestamp();
            feed.Live.Publish(LiveTopics.Messages);
            await Until.TrueAsync(async () => await CountAsync() == text + 1, "the events are applied");
            waits.Add(Stopwatch.GetElapsedTime(appended));
        }

        await host.StopAsync(CancellationToken.None);
        waits.Min().ShouldBeLessThan(TimeSpan.FromMilliseconds(700));
    }

    [Fact]
    public async Task Reader_that_fails_does_not_stop_the_others()
    {
        var broken = new NotingReader("broken") { BeforeCommit = (connection, _) => RunAsync(connection, "select * from no_such_table") };
        using var host = Host(_database.Databases, broken, new NotingReader());
        await host.StartAsync(CancellationToken.None);
        await _database.AppendAsync(1, "received");
        await _database.AppendAsync(1, "answered");

        await Until.TrueAsync(async () => await CountAsync() == 2, "the events are applied");
        await host.StopAsync(CancellationToken.None);
        (await NotingReader.SeenAsync(_database, "broken")).ShouldBeEmpty();
        (await _database.ScalarAsync<long>("select count(*) from error_logs")).ShouldBe(0, "a missing table is no fault of an event");
    }

    [Fact]
    public async Task Bad_event_is_left_out_with_its_reason_and_the_rest_is_applied_in_order()
    {
        var ids = new List<long>();
        for (var n = 0; n < 20; n++)
            ids.Add(await _database.AppendAsync(7, "received"));
        var reader = new NotingReader
        {
            BeforeCommit = (_, events) => events.Any(entry => entry.Id == ids[11]) ? throw new FormatException("what was in it") : Task.CompletedTask,
        };

        await _database.ReadAllAsync(reader);
        (await NotingReader.SeenAsync(_database)).ShouldBe(ids.Where(id => id != ids[11]));
        (await _database.ListAsync<string>("select component || ' ' || operation || ' ' || severity || ' ' || error_message || ' ' || metadata from error_logs"))
            .ShouldBe([$"ledger noting HIGH The reader noting could not apply the event {ids[11]} (received); it was left out. {{\"event\": {ids[11]}, \"stream\": 7, \"version\": 12}}"]);
    }

    [Fact]
    public async Task Reader_that_refuses_every_event_is_slowed_down_before_it_loses_many()
    {
        for (var n = 0; n < 40; n++)
            await _database.AppendAsync(1, "received");
        var reader = new NotingReader { BeforeCommit = (_, _) => throw new FormatException() };
        using var loop = _database.Loop(reader);

        var waited = TimeSpan.Zero;
        while (await _database.ScalarAsync<long>("select count(*) from error_logs") < 12)
        {
            var wait = await loop.StepAsync(CancellationToken.None);
            waited += wait > LedgerReaderLoop.Poll ? wait : TimeSpan.Zero;
        }

        waited.ShouldBeGreaterThan(TimeSpan.FromSeconds(75));
    }

    [Fact]
    public async Task Reader_that_meets_much_comes_again_as_soon_as_a_thousand_more_may_be_there()
    {
        var began = Stopwatch.GetTimestamp();
        using var loop = _database.Loop(new NotingReader { Pace = TimeSpan.FromSeconds(30) });
        await _database.ExecuteAsync("insert into events (stream_id, version, type, data) select 1, n, 'received', '{}' from generate_series(1, 3000) n");

        var wait = TimeSpan.Zero;
        await Until.TrueAsync(async () => (wait = await loop.StepAsync(CancellationToken.None)) != LedgerReaderLoop.Poll && await CountAsync() == 3000, "all are applied");

        wait.ShouldBeLessThan(Stopwatch.GetElapsedTime(began) / 3 + TimeSpan.FromMilliseconds(100));
    }

    private static LedgerReaderHost Host(Databases databases, params ILedgerReader[] readers) =>
        new(databases, readers, HandLedger.Live(databases), NullLogger<LedgerReaderHost>.Instance);

    private Task<long> CountAsync() => _database.ScalarAsync<long>("select count(*) from seen where reader = 'noting'");

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
