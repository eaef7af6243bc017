using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>One snapshot for everybody who watches, soon after the news, and none when nobody does.</summary>
public sealed class OverviewSourceTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _leaving = new();
    private TestDatabase _database = null!;
    private RunningFeed _feed = null!;
    private OverviewSource _source = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _feed = await RunningFeed.StartAsync(_database.Databases);
        _source = Source(_database);
        await _source.StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _source.StopAsync(CancellationToken.None);
        _source.Dispose();
        await _feed.DisposeAsync();
        await _database.DisposeAsync();
        _leaving.Dispose();
    }

    private OverviewSource Source(TestDatabase database) => new(
        new OverviewQuery(database.Databases, Options.Create(new SpendOptions()), TimeProvider.System),
        new MessageBodies(database.Databases, new PersonKeys(TestKeys.Masters)), _feed.Live, TimeProvider.System, NullLogger<OverviewSource>.Instance);

    private (List<OverviewSnapshot> Seen, Task Watching) Watch(CancellationToken cancel) => Watch(_source, cancel);

    private static (List<OverviewSnapshot> Seen, Task Watching) Watch(OverviewSource source, CancellationToken cancel)
    {
        List<OverviewSnapshot> seen = [];
        return (seen, WatchAsync());

        async Task WatchAsync()
        {
            try
            {
                await foreach (var snapshot in source.WatchAsync(cancel))
                {
                    lock (seen)
                        seen.Add(snapshot);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
            }
        }
    }

    private static OverviewSnapshot[] Copy(List<OverviewSnapshot> seen)
    {
        lock (seen)
            return [.. seen];
    }

    [Fact]
    public async Task Text_is_counted_on_the_screen_within_a_second_of_its_commit()
    {
        var person = await HandPerson.AddAsync(_database);
        using var host = new LedgerReaderHost(
            _database.Databases,
            [new MetricsReader(Options.Create(new SpendOptions()), _feed.Live, HandMetrics.Counters(_database, new(null)))],
            _feed.Live, NullLogger<LedgerReaderHost>.Instance);
        await host.StartAsync(CancellationToken.None);
        var (seen, _) = Watch(_leaving.Token);
        await Until.TrueAsync(() => Copy(seen).Length > 0, "the first snapshot");
        var waits = new List<TimeSpan>();
        for (var text = 1; text <= 4; text++)
        {
            await person.EventAsync("received", "{}");
            var committed = Stopwatch.GetTimestamp();
            _feed.Live.Publish(LiveTopics.Messages);
            await Until.TrueAsync(() => Copy(seen)[^1].Hour.Steps.Sum(minute => minute.In) == text, "the text is counted");
            waits.Add(Stopwatch.GetElapsedTime(committed));
        }

        await host.StopAsync(CancellationToken.None);
        // The best of some: the test machine may be busy, the design is not.
        waits.Min().ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Everybody_gets_the_same_snapshot_and_nothing_is_asked_when_nobody_watches()
    {
        _source.Current.ShouldBeNull();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        var (first, firstWatching) = Watch(leaving.Token);
        var (second, secondWatching) = Watch(leaving.Token);
        await Until.TrueAsync(() => Copy(first).Length > 1 && Copy(second).Length > 1, "two snapshots");
        Copy(first).Intersect(Copy(second)).Count().ShouldBeGreaterThan(0);

        await leaving.CancelAsync();
        await Task.WhenAll(firstWatching, secondWatching);
        // Another that is watched gets the same news: what it makes of it the first would have made as soon. One may have been under way.
        using var watched = Source(_database);
        await watched.StartAsync(CancellationToken.None);
        var (others, _) = Watch(watched, _leaving.Token);
        OverviewSnapshot? last = null;
        for (var count = 1; count <= 4; count++)
        {
            await Until.TrueAsync(() => Copy(others).Length >= count, "the watched one makes its next");
            last = count == 2 ? _source.Current : last;
            _feed.Live.Publish(LiveTopics.Metrics);
        }

        _source.Current.ShouldBeSameAs(last);
        await watched.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Database_that_went_away_leaves_the_last_snapshot_and_a_new_one_comes_after_it()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var source = Source(database);
        await source.StartAsync(CancellationToken.None);
        await using var watching = source.WatchAsync(_leaving.Token).GetAsyncEnumerator();
        (await watching.MoveNextAsync()).ShouldBeTrue();
        await postgres.StopAsync();
        var last = source.Current;
        await postgres.StartAsync();
        await Until.TrueAsync(() => source.Current!.At > last!.At, "a newer snapshot", seconds: 30);
        await source.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Bodies_are_read_only_when_asked_for_and_erased_ones_are_missing()
    {
        var person = await HandPerson.AddAsync(_database);
        await person.MessageAsync(1000, DateTimeOffset.UtcNow, "why does it fail?");
        await person.MessageAsync(1001, DateTimeOffset.UtcNow, null);
        var texts = await _source.ReadBodiesAsync([1000, 1001, 1002], CancellationToken.None);
        texts.ShouldBe(new Dictionary<long, string> { [1000] = "why does it fail?" });
        await _database.ExecuteAsync("delete from user_keys");
        (await _source.ReadBodiesAsync([1000], CancellationToken.None)).ShouldBeEmpty();
    }
}
