using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Ledger;

/// <summary>A stream read again from a version on, by code and by the verb; and appending to the service's own stream.</summary>
public sealed class LedgerReplayTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Replay_from_a_version_gives_that_stream_in_order_however_long_it_is()
    {
        await _database.ExecuteAsync("insert into events (stream_id, version, type) select 5, n, 'received' from generate_series(1, 1203) n order by n desc");
        await _database.AppendAsync(6, "received");

        var versions = new List<long>();
        await foreach (var entry in new LedgerReplay(_database.Databases).ReadAsync(5, 200))
            versions.Add(entry.Version);
        versions.ShouldBe(Enumerable.Range(200, 1004).Select(n => (long)n));
    }

    [Fact]
    public async Task Verb_prints_one_event_a_line_from_the_version_on()
    {
        var at = new DateTimeOffset(2026, 3, 1, 14, 31, 57, 204, TimeSpan.Zero);
        await _database.AppendAsync(5, "received", """{"m": 1000}""", 1000, at);
        await _database.AppendAsync(5, "answered", """{"m": 1001, "r": 1000}""", 1000, at.AddSeconds(2));

        (await VerbAsync("ledger", "replay", "5", "2")).ShouldBe((0, $"""
                 2  2026-03-01 14:31:59.204Z  answered     1000       {"{"}"m": 1001, "r": 1000{"}"}
            1 events.

            """.ReplaceLineEndings()));
        (await VerbAsync("replay", "9")).ShouldBe((0, "Stream 9 has no event from version 1 on." + Environment.NewLine));
    }

    [Theory]
    [InlineData("ledger")]
    [InlineData("ledger", "replay")]
    [InlineData("ledger", "replay", "five")]
    [InlineData("ledger", "replay", "5", "x")]
    [InlineData("ledger", "replay", "5", "1", "2")]
    public async Task Verb_that_is_not_understood_says_how_it_is_written(params string[] args)
    {
        var (code, words) = await VerbAsync(args);
        code.ShouldBe(2);
        words.ShouldStartWith("ledger replay <stream> [from-version]");
    }

    [Fact]
    public async Task Service_events_appended_by_many_at_once_get_one_version_each()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            await using var connection = await _database.Databases.Pages.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var version = await LedgerAppend.ToServiceAsync(connection, EventTypes.Switched, """{"name": "kill"}""");
            await transaction.CommitAsync();
            return version;
        }));

        versions.Distinct().Count().ShouldBe(12);
        (await _database.ListAsync<long>("select version from events where stream_id = 0 order by version")).ShouldBe(versions.Order());
    }

    [Fact]
    public async Task Service_event_whose_version_is_taken_takes_the_next()
    {
        await _database.ExecuteAsync("insert into events (stream_id, version, type) values (0, 1, 'switched'), (0, 2, 'switched')");
        await using var connection = await _database.Databases.Pages.OpenConnectionAsync();
        (await LedgerAppend.ToServiceAsync(connection, EventTypes.Switched, "{}")).ShouldBe(3);
    }

    [Fact]
    public async Task Service_event_whose_transaction_rolls_back_leaves_nothing()
    {
        await using var connection = await _database.Databases.Pages.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            (await LedgerAppend.ToServiceAsync(connection, EventTypes.Switched, "{}")).ShouldBe(1);
            await transaction.RollbackAsync();
        }

        (await _database.ScalarAsync<long>("select count(*) from events where stream_id = 0")).ShouldBe(0);
    }

    private async Task<(int Code, string Words)> VerbAsync(params string[] args)
    {
        var words = new StringWriter();
        var code = await new LedgerVerb(new LedgerReplay(_database.Databases)).RunAsync(args, words);
        return (code, words.ToString());
    }
}
