using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Platform.Live;

/// <summary>
/// Brings news from replica to replica: by Redis, and while Redis is away by PostgreSQL's notices, at most four a second,
/// since each notice takes a lock that all committing sessions share.
/// </summary>
public sealed partial class LiveWire : BackgroundService
{
    const string NoticeChannel = "smsai_news";
    static readonly TimeSpan NoticePause = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan DeafPause = TimeSpan.FromSeconds(2);

    readonly RedisConnection _redis;
    readonly Databases _databases;
    readonly TimeProvider _clock;
    readonly ILogger _log;
    readonly string _replica = Guid.NewGuid().ToString("N")[..12];
    readonly Lock _gate = new();
    readonly Channel<bool> _noticeWanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly Channel<string> _urgent = Channel.CreateBounded<string>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
    HashSet<string> _unsent = new(StringComparer.Ordinal);
    volatile bool _listening;

    public LiveWire(RedisConnection redis, Databases databases, TimeProvider clock, ILogger<LiveWire>? log = null)
    {
        _redis = redis;
        _databases = databases;
        _clock = clock;
        _log = log ?? NullLogger<LiveWire>.Instance;
        redis.Subscribe(RedisKeys.NewsChannel, Hear);
        redis.Changed += () => Heard?.Invoke(LiveTopics.All);
    }

    /// <summary>News of another replica, or of everything when some may have been missed.</summary>
    public event Action<IReadOnlyCollection<string>>? Heard;

    /// <summary>The connection for notices stands.</summary>
    public bool IsListening => _listening;

    /// <summary>Hands a batch to Redis, or keeps it for the next notice.</summary>
    public async Task SendAsync(IReadOnlyCollection<string> topics, CancellationToken cancel)
    {
        if (await _redis.PublishAsync(RedisKeys.NewsChannel, Text(topics), cancel)) return;
        lock (_gate) _unsent.UnionWith(topics);
        _noticeWanted.Writer.TryWrite(true);
    }

    /// <summary>Sends one topic at once, by Redis and by notice.</summary>
    public void SendUrgent(string topic) => _urgent.Writer.TryWrite(topic);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        SteadyWork.RunAsync(ListenAsync, _log, stoppingToken), SteadyWork.RunAsync(SendNoticesAsync, _log, stoppingToken),
        SteadyWork.RunAsync(SendUrgentAsync, _log, stoppingToken), SteadyWork.RunAsync(TickWhileDeafAsync, _log, stoppingToken));

    async Task ListenAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _databases.Listen.OpenConnectionAsync(cancel);
                connection.Notification += (_, notice) => Hear(notice.Payload);
                await using (var listen = new NpgsqlCommand($"listen {NoticeChannel}", connection)) await listen.ExecuteNonQueryAsync(cancel);
                _listening = true;
                Heard?.Invoke(LiveTopics.All); // What was said before is not repeated.
                while (true) await connection.WaitAsync(cancel);
            }
            catch (Exception fault) when (IsAway(fault) && !cancel.IsCancellationRequested)
            {
                if (_listening) LogDeaf();
                _listening = false;
                await PauseAsync(TimeSpan.FromSeconds(1), cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                _listening = false;
            }
        }
    }

    async Task SendNoticesAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var _ in _noticeWanted.Reader.ReadAllAsync(cancel))
            {
                HashSet<string> batch;
                lock (_gate) (batch, _unsent) = (_unsent, new(StringComparer.Ordinal));
                await NotifyAsync(batch, cancel);
                await Task.Delay(NoticePause, _clock, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    async Task SendUrgentAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var topic in _urgent.Reader.ReadAllAsync(cancel))
            {
                await Task.WhenAll(
                    _redis.PublishAsync(RedisKeys.NewsChannel, Text([topic]), cancel).AsTask(),
                    NotifyAsync([topic], cancel));
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    /// <summary>While others may speak on a wire this replica can't hear, everybody here asks again every two seconds.</summary>
    async Task TickWhileDeafAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await PauseAsync(DeafPause, cancel);
            if (!_listening || (_redis.IsConfigured && !_redis.IsUp)) Heard?.Invoke(LiveTopics.All);
        }
    }

    async Task NotifyAsync(HashSet<string> topics, CancellationToken cancel)
    {
        if (topics.Count == 0) return;
        try
        {
            await using var notify = _databases.Pages.CreateCommand("select pg_notify($1, $2)");
            notify.Parameters.Add(new() { Value = NoticeChannel });
            notify.Parameters.Add(new() { Value = Text(topics) });
            await notify.ExecuteNonQueryAsync(cancel);
        }
        catch (Exception fault) when (IsAway(fault) && !cancel.IsCancellationRequested)
        {
            // The others ask again by themselves while nobody can be told.
        }
    }

    void Hear(string text)
    {
        var parts = text.Split('|', 2);
        if (parts.Length == 2 && parts[0] != _replica) Heard?.Invoke(parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    string Text(IEnumerable<string> topics) => $"{_replica}|{string.Join(' ', topics)}";

    static bool IsAway(Exception fault) => fault is NpgsqlException or TimeoutException or IOException or InvalidOperationException;

    async Task PauseAsync(TimeSpan pause, CancellationToken cancel) =>
        await Task.Delay(pause, _clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(9200, LogLevel.Warning, "The connection for notices broke; it is opened again")]
    partial void LogDeaf();
}
