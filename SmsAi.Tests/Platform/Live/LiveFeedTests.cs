using System.Diagnostics;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Platform.Live;

/// <summary>News within a replica and between two of them, by Redis, by notices, and by neither.</summary>
public sealed class LiveFeedTests
{
    /// <summary>One replica's feed with everything under it.</summary>
    sealed class Replica : IAsyncDisposable
    {
        readonly LiveWire _wire;
        readonly RedisConnection _redis;
        readonly Databases _databases;

        Replica(string database, string? redisAddress)
        {
            _databases = new Databases(database);
            _redis = new RedisConnection(redisAddress, new RedisOptions { TimeoutMilliseconds = 500 });
            _wire = new LiveWire(_redis, _databases, TimeProvider.System);
            Feed = new LiveFeed(_wire, TimeProvider.System);
        }

        public LiveFeed Feed { get; }

        public bool RedisIsUp => _redis.IsUp;

        public static async Task<Replica> StartAsync(string database, string? redisAddress = null)
        {
            var replica = new Replica(database, redisAddress);
            await replica._redis.StartAsync(CancellationToken.None);
            await replica._wire.StartAsync(CancellationToken.None);
            await replica.Feed.StartAsync(CancellationToken.None);
            await Until.TrueAsync(() => replica._wire.IsListening && (redisAddress is null || replica._redis.IsUp), "the replica is connected");
            return replica;
        }

        public Ear Listen(params string[] topics) => new(Feed, topics);

        public async ValueTask DisposeAsync()
        {
            await Feed.StopAsync(CancellationToken.None);
            await _wire.StopAsync(CancellationToken.None);
            await _redis.DisposeAsync();
            await _databases.DisposeAsync();
        }
    }

    /// <summary>Writes down what one reader is told, and when.</summary>
    sealed class Ear : IAsyncDisposable
    {
        readonly CancellationTokenSource _leaving = new();
        readonly Task _listening;
        readonly List<(string Topics, long At)> _heard = [];

        public Ear(LiveFeed feed, string[] topics)
        {
            var news = feed.ReadAsync(topics, _leaving.Token);
            _listening = Task.Run(async () =>
            {
                await foreach (var item in news)
                {
                    lock (_heard) _heard.Add((string.Join(' ', item.Topics.Order()), Stopwatch.GetTimestamp()));
                }
            });
        }

        public IReadOnlyList<string> Heard
        {
            get { lock (_heard) return [.. _heard.Select(news => news.Topics)]; }
        }

        public void Forget()
        {
            lock (_heard) _heard.Clear();
        }

        public async Task<long> HearsAsync(string topics, double seconds = 60)
        {
            await Until.TrueAsync(() => Heard.Contains(topics), $"heard {topics}, not only {string.Join(", ", Heard)}", seconds);
            lock (_heard) return _heard.First(news => news.Topics == topics).At;
        }

        /// <summary>Starting up says "everything may have changed"; forget that.</summary>
        public async Task SettleAsync()
        {
            var before = -1;
            await Until.TrueAsync(async () =>
            {
                if (before == Heard.Count) return true;
                before = Heard.Count;
                await Task.Delay(300);
                return false;
            }, "silence");
            Forget();
        }

        public async ValueTask DisposeAsync()
        {
            await _leaving.CancelAsync();
            await _listening;
            _leaving.Dispose();
        }
    }

    [Fact]
    public async Task News_are_gathered_and_told_once_to_those_who_asked()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var replica = await Replica.StartAsync(database.ConnectionString);
        await using var both = replica.Listen(LiveTopics.Messages, LiveTopics.Queue);
        await using var other = replica.Listen(LiveTopics.Metrics);
        await both.SettleAsync();
        other.Forget();

        for (var burst = 0; burst < 1000; burst++)
        {
            replica.Feed.Publish(LiveTopics.Messages);
            replica.Feed.Publish(LiveTopics.Queue);
        }

        await both.HearsAsync("messages queue");
        both.Heard.Count.ShouldBeLessThan(5);
        other.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reader_is_registered_before_it_is_enumerated()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var replica = await Replica.StartAsync(database.ConnectionString);
        using var leaving = new CancellationTokenSource();
        var news = replica.Feed.ReadAsync([LiveTopics.Controls], leaving.Token);
        replica.Feed.Publish(LiveTopics.Controls);
        await foreach (var item in news)
        {
            item.Topics.ShouldContain(LiveTopics.Controls);
            break;
        }
        replica.Feed.Readers.ShouldBe(0);
    }

    [Fact]
    public async Task Reader_who_leaves_without_reading_is_forgotten()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var replica = await Replica.StartAsync(database.ConnectionString);
        using var leaving = new CancellationTokenSource();
        _ = replica.Feed.ReadAsync([LiveTopics.Queue], leaving.Token);
        replica.Feed.Readers.ShouldBe(1);
        await leaving.CancelAsync();
        replica.Feed.Readers.ShouldBe(0);
    }

    [Fact]
    public async Task Stuck_reader_finds_every_topic_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var replica = await Replica.StartAsync(database.ConnectionString);
        using var leaving = new CancellationTokenSource();
        var news = replica.Feed.ReadAsync([LiveTopics.Controls, LiveTopics.Queue], leaving.Token);
        await using var witness = replica.Listen(LiveTopics.Queue);
        await witness.SettleAsync();
        replica.Feed.Publish(LiveTopics.Queue);
        await witness.HearsAsync("queue");
        for (var times = 0; times < 100; times++) replica.Feed.Publish(LiveTopics.Controls);
        await foreach (var item in news)
        {
            item.Topics.Order().ShouldBe([LiveTopics.Controls, LiveTopics.Queue]);
            break;
        }
    }

    [Fact]
    public async Task Other_replica_hears_by_redis_and_the_speaker_no_echo()
    {
        await using var database = await TestDatabase.CreateAsync();
        // Databases apart: what is heard came by Redis.
        await using var elsewhere = await TestDatabase.CreateAsync();
        var redis = await TestRedis.CreateAsync();
        await using var speaker = await Replica.StartAsync(database.ConnectionString, redis.ConnectionString);
        await using var listener = await Replica.StartAsync(elsewhere.ConnectionString, redis.ConnectionString);
        await using var own = speaker.Listen(LiveTopics.Phone);
        await using var ear = listener.Listen(LiveTopics.Phone);
        await ear.SettleAsync();
        own.Forget();

        speaker.Feed.Publish(LiveTopics.Phone);

        await ear.HearsAsync("phone");
        await own.HearsAsync("phone");
        await own.SettleAsync();
        ear.Heard.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Other_replica_hears_by_notice_without_redis()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var speaker = await Replica.StartAsync(database.ConnectionString);
        await using var listener = await Replica.StartAsync(database.ConnectionString);
        await using var own = speaker.Listen(LiveTopics.Phone);
        await using var ear = listener.Listen(LiveTopics.Phone);
        await ear.SettleAsync();
        own.Forget();

        speaker.Feed.Publish(LiveTopics.Phone);

        await ear.HearsAsync("phone");
        await own.SettleAsync();
        ear.Heard.ShouldBe(["phone"]);
    }

    [Fact]
    public async Task Notices_are_at_most_four_a_second()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var speaker = await Replica.StartAsync(database.ConnectionString);
        await using var listener = await Replica.StartAsync(database.ConnectionString);
        await using var ear = listener.Listen(LiveTopics.Phone);
        await ear.SettleAsync();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < 1.5)
        {
            speaker.Feed.Publish(LiveTopics.Phone);
            await Task.Yield();
        }
        await ear.HearsAsync("phone");
        ear.Heard.Count.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task Redis_stopped_news_go_on_by_notice()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var server = await TestRedisServer.StartNewAsync();
        await using var speaker = await Replica.StartAsync(database.ConnectionString, server.Address);
        await using var listener = await Replica.StartAsync(database.ConnectionString, server.Address);
        await using var ear = listener.Listen(LiveTopics.Phone);
        await server.StopAsync();
        await Until.TrueAsync(() => !speaker.RedisIsUp && !listener.RedisIsUp, "both know that Redis is away");
        ear.Forget();

        speaker.Feed.Publish(LiveTopics.Phone);
        await ear.HearsAsync("phone");
    }

    [Fact]
    public async Task Controls_are_told_at_once_by_both_ways()
    {
        await using var database = await TestDatabase.CreateAsync();
        var redis = await TestRedis.CreateAsync();
        await using var speaker = await Replica.StartAsync(database.ConnectionString, redis.ConnectionString);
        // This one hears no Redis, only notices.
        await using var listener = await Replica.StartAsync(database.ConnectionString);
        await using var own = speaker.Listen(LiveTopics.Controls);
        await using var ear = listener.Listen(LiveTopics.Controls);
        await ear.SettleAsync();
        own.Forget();

        var started = Stopwatch.GetTimestamp();
        speaker.Feed.Publish(LiveTopics.Controls);
        await own.HearsAsync("controls");
        Stopwatch.GetElapsedTime(started, await ear.HearsAsync("controls")).TotalSeconds.ShouldBeLessThan(1);
    }

    [Fact]
    public async Task Controls_wait_for_no_batch()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var redis = new RedisConnection(null);
        // Never started: nothing here gathers or hands out batches.
        using var feed = new LiveFeed(new LiveWire(redis, database.Databases, TimeProvider.System), TimeProvider.System);
        await using var ear = new Ear(feed, [LiveTopics.Controls, LiveTopics.Queue]);
        feed.Publish(LiveTopics.Queue);
        feed.Publish(LiveTopics.Controls);
        await ear.HearsAsync("controls");
    }

    [Fact]
    public async Task Cut_listen_connection_is_opened_again_and_missed_news_are_made_up_for()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var speaker = await Replica.StartAsync(database.ConnectionString);
        await using var listener = await Replica.StartAsync(database.ConnectionString);
        await using var ear = listener.Listen(LiveTopics.Phone);
        await ear.SettleAsync();

        await database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'smsai-listen' and datname = current_database()");
        speaker.Feed.Publish(LiveTopics.Phone); // Nobody listens just now.
        await ear.HearsAsync("phone");
        await ear.SettleAsync();

        speaker.Feed.Publish(LiveTopics.Phone);
        await ear.HearsAsync("phone");
    }
}
