using Npgsql;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Ledger;

/// <summary>A reader's cursor on a real database: in order, complete, each event applied once whatever dies or commits late.</summary>
public sealed class LedgerCursorTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await NotingReader.MakeTableAsync(_database);
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Cursor_when_an_older_transaction_commits_late_waits_for_it_and_skips_nothing()
    {
        var reader = new NotingReader();
        using var loop = _database.Loop(reader);
        var first = await _database.AppendAsync(1, "received");
        await using var slow = await _database.Owner.OpenConnectionAsync();
        await using var late = await slow.BeginTransactionAsync();
        var lateId = await slow.AppendAsync(2, "received");
        var earlyId = await _database.AppendAsync(3, "received");

        await StepUntilAsync(loop, async () => (await NotingReader.SeenAsync(_database)).Count > 0);
        (await loop.StepAsync(CancellationToken.None)).ShouldNotBe(LedgerReaderLoop.Poll, "an event waits behind the running transaction");
        (await NotingReader.SeenAsync(_database)).ShouldBe([first]);

        await late.CommitAsync();
        await _database.ReadAllAsync(reader);
        (await NotingReader.SeenAsync(_database)).ShouldBe([first, lateId, earlyId]);
    }

    [Fact]
    public async Task Cursor_when_an_older_transaction_writes_a_newer_id_goes_by_the_transaction()
    {
        await using var slow = await _database.Owner.OpenConnectionAsync();
        await using var old = await slow.BeginTransactionAsync();
        await using (var number = new NpgsqlCommand("select pg_current_xact_id()", slow))
            await number.ExecuteScalarAsync();
        var newer = await _database.AppendAsync(1, "received");
        var older = await slow.AppendAsync(2, "received");
        await old.CommitAsync();

        await _database.ReadAllAsync(new NotingReader());
        older.ShouldBeGreaterThan(newer);
        (await NotingReader.SeenAsync(_database)).ShouldBe([older, newer]);
    }

    [Fact]
    public async Task Cursor_when_an_older_transaction_rolls_back_goes_on()
    {
        await using var slow = await _database.Owner.OpenConnectionAsync();
        await using var lost = await slow.BeginTransactionAsync();
        await slow.AppendAsync(1, "received");
        var kept = await _database.AppendAsync(2, "received");
        await lost.RollbackAsync();

        await _database.ReadAllAsync(new NotingReader());
        (await NotingReader.SeenAsync(_database)).ShouldBe([kept]);
    }

    [Fact]
    public async Task Reader_whose_connection_dies_between_effect_and_commit_applies_the_batch_once()
    {
        var ids = new List<long>();
        for (var stream = 1; stream <= 5; stream++)
            ids.Add(await _database.AppendAsync(stream, "received"));
        var deaths = 0;
        var reader = new NotingReader
        {
            BeforeCommit = async (connection, _) =>
            {
                if (deaths++ == 0)
                    await _database.ScalarAsync<bool>("select pg_terminate_backend($1, 5000)", connection.ProcessID);
            },
        };

        await _database.ReadAllAsync(reader);
        deaths.ShouldBe(2);
        (await NotingReader.SeenAsync(_database)).ShouldBe(ids);
    }

    [Fact]
    public async Task Reader_that_fell_behind_catches_up_in_full_batches()
    {
        await _database.ExecuteAsync("insert into events (stream_id, version, type) select 1, n, 'received' from generate_series(1, 10000) n");
        var batches = new List<int>();
        Task Note(int count)
        {
            batches.Add(count);
            return Task.CompletedTask;
        }

        var reader = new NotingReader { BeforeCommit = (_, events) => Note(events.Count) };

        using var loop = _database.Loop(reader);
        var waits = new List<TimeSpan>();
        await StepUntilAsync(loop, () => Task.FromResult(batches.Sum() == 10000), wait =>
        {
            if (waits.Count < batches.Count)
                waits.Add(wait);
        });
        batches.ShouldBe([4000, 4000, 2000]);
        waits[..2].ShouldBe([TimeSpan.Zero, TimeSpan.Zero], "a full batch is followed at once");
    }

    [Fact]
    public async Task Looks_and_reads_go_by_the_cursors_index_however_long_the_ledger_is()
    {
        await _database.ExecuteAsync("insert into events (stream_id, version, type) select 1, n, 'received' from generate_series(1, 20000) n");
        await _database.ExecuteAsync("insert into ledger_cursors (reader, tx, id) select 'noting', max(tx), max(id) - 20 from events");
        await _database.ExecuteAsync("analyze events");

        await using var connection = await _database.Owner.OpenConnectionAsync();
        foreach (var (sql, arguments) in ((string, string)[])[(LedgerSql.Peek, "(text) as "), (LedgerSql.Read, "(xid8, bigint, int) as ")])
        {
            await ExecuteAsync(connection, "set plan_cache_mode = force_generic_plan; deallocate all; prepare asked " + arguments + sql);
            var plan = await ExecuteAsync(connection, "explain (costs off) execute asked (" + (sql == LedgerSql.Peek ? "'noting'" : "'0', 0, 1000") + ")");
            plan.ShouldContain("events_cursor");
            plan.ShouldNotContain("Seq Scan on events");
        }
    }

    private static async Task<string> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return string.Join('\n', lines);
    }

    [Fact]
    public async Task Idle_look_leaves_the_cursor_row_untouched()
    {
        await _database.ReadAllAsync(new NotingReader());
        for (var look = 0; look < 5; look++)
            await _database.ReadAllAsync(new NotingReader());
        (await _database.ScalarAsync<uint>("select xmax from ledger_cursors where reader = 'noting'")).ShouldBe(0u);
    }

    // The horizon is the cluster's: another test's transaction may hold it back for a moment.
    private static Task StepUntilAsync(LedgerReaderLoop loop, Func<Task<bool>> reached, Action<TimeSpan>? afterStep = null) => Until.TrueAsync(
        async () =>
        {
            var wait = await loop.StepAsync(CancellationToken.None);
            afterStep?.Invoke(wait);
            return await reached();
        },
        "the reader is that far");
}
