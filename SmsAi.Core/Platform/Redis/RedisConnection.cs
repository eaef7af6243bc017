using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Platform.Starting;
using StackExchange.Redis;

namespace SmsAi.Core.Platform.Redis;

/// <summary>
/// The way to Redis: asked briefly, left alone while it is away, and never the reason why something fails.
/// Everything kept there is a copy or a hint, so "no answer" is always an answer the caller can go on with.
/// </summary>
public sealed partial class RedisConnection : BackgroundService, IAsyncDisposable
{
    readonly ConfigurationOptions? _address;
    readonly TimeSpan _timeout;
    readonly RedisBreaker _breaker;
    readonly ILogger _log;
    readonly Dictionary<string, Action<string>> _handlers = [];
    readonly HashSet<string> _subscribed = [];
    volatile bool _wasAsked;
    long _latencyTicks;
    ConnectionMultiplexer? _redis;

    /// <param name="address"><c>ConnectionStrings:Redis</c>; null runs without Redis.</param>
    public RedisConnection(string? address, RedisOptions? options = null, ILogger<RedisConnection>? log = null)
    {
        options ??= new RedisOptions();
        _address = address is null ? null : RedisAddress.Parse(address);
        _log = log ?? NullLogger<RedisConnection>.Instance;
        _timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds);
        _breaker = new RedisBreaker(options.FailuresToOpen);
    }

    /// <summary>An address is set.</summary>
    public bool IsConfigured => _address is not null;

    /// <summary>Whether it is there has been tried out; before that <see cref="IsUp"/> says only that nobody knows.</summary>
    public bool WasAsked => _wasAsked;

    /// <summary>Redis answered lately.</summary>
    public bool IsUp => _redis is not null && !_breaker.IsOpen;

    /// <summary>How long Redis took when it was last asked how it is; null without an answer.</summary>
    public TimeSpan? Latency => IsUp && Interlocked.Read(ref _latencyTicks) is > 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>Happens when Redis comes or goes.</summary>
    public event Action? Changed;

    /// <summary>
    /// Runs the operation if Redis is there; the type's default when it is away, too slow or refuses.
    /// Take a nullable type where the default is also a real answer. Throws only the cancellation asked for.
    /// </summary>
    public async ValueTask<T?> TryAsync<T>(Func<IDatabase, Task<T>> operation, CancellationToken cancel)
    {
        if (!IsUp) return default;
        var (_, value) = await AskAsync(operation, _timeout, cancel);
        return value;
    }

    /// <summary>Runs the operation if Redis is there; false when it is away, too slow or refuses.</summary>
    public async ValueTask<bool> TryAsync(Func<IDatabase, Task> operation, CancellationToken cancel)
    {
        if (!IsUp) return false;
        var (done, _) = await AskAsync(Run, _timeout, cancel);
        return done;

        async Task<bool> Run(IDatabase database)
        {
            await operation(database);
            return true;
        }
    }

    /// <summary>How long Redis takes to say that it is there, asked more patiently than a text's commands; null when it doesn't.</summary>
    public async ValueTask<TimeSpan?> PingAsync(CancellationToken cancel)
    {
        if (_redis is null) return null;
        var (well, took) = await AskAsync(database => database.PingAsync(), TimeSpan.FromSeconds(1), cancel);
        return well ? took : null;
    }

    /// <summary>Calls <paramref name="handler"/> for each message on the channel, now or as soon as Redis is there, and again after it was away.</summary>
    public void Subscribe(string channel, Action<string> handler)
    {
        lock (_handlers) _handlers[channel] = _handlers.TryGetValue(channel, out var others) ? others + handler : handler;
    }

    public void Unsubscribe(string channel, Action<string> handler)
    {
        lock (_handlers)
        {
            if (_handlers.TryGetValue(channel, out var others)) _handlers[channel] = (others - handler) ?? (_ => { });
        }
    }

    /// <summary>Tells other replicas; false when Redis is away.</summary>
    public ValueTask<bool> PublishAsync(string channel, string message, CancellationToken cancel) =>
        TryAsync(database => (Task)database.PublishAsync(channel, message), cancel);

    /// <summary>Connects, then asks once a second whether Redis is well.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, _log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        if (_address is null)
        {
            LogWithout();
            return;
        }
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do
            {
                _redis ??= await ConnectAsync(_address);
                if (_redis is not null) await ProbeAsync(stoppingToken);
                _wasAsked = true;
            }
            while (await second.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    async Task ProbeAsync(CancellationToken cancel)
    {
        var took = await PingAsync(cancel);
        Interlocked.Exchange(ref _latencyTicks, took?.Ticks ?? 0);
        if (took is null) return;
        string[] wanted;
        lock (_handlers) wanted = [.. _handlers.Keys.Except(_subscribed)];
        foreach (var channel in wanted) await SubscribeAsync(channel);
    }

    async Task SubscribeAsync(string channel)
    {
        try
        {
            await _redis!.GetSubscriber().SubscribeAsync(channel, (_, message) => Hear(channel, message!)).WaitAsync(TimeSpan.FromSeconds(1));
            _subscribed.Add(channel);
        }
        catch (Exception fault) when (IsAway(fault))
        {
            // The next probe tries again.
        }
    }

    void Hear(string channel, string message)
    {
        Action<string>? handler;
        lock (_handlers) handler = _handlers.GetValueOrDefault(channel);
        handler?.Invoke(message);
    }

    async ValueTask<(bool Done, T? Value)> AskAsync<T>(Func<IDatabase, Task<T>> operation, TimeSpan patience, CancellationToken cancel)
    {
        Task<T>? asked = null;
        try
        {
            asked = operation(_redis!.GetDatabase());
            T value;
            try
            {
                value = await asked.WaitAsync(patience, cancel);
            }
            catch (RedisServerException fault) when (fault.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                // The client believed the server still had the script; now it knows better and sends it whole.
                asked = operation(_redis!.GetDatabase());
                value = await asked.WaitAsync(patience, cancel);
            }
            if (_breaker.Succeeded()) CameBack();
            return (true, value);
        }
        catch (Exception fault) when (IsAway(fault))
        {
            _ = asked?.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            if (_breaker.Failed()) WentAway(fault);
            return (false, default);
        }
    }

    static async Task<ConnectionMultiplexer?> ConnectAsync(ConfigurationOptions address)
    {
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(address).WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception fault) when (IsAway(fault))
        {
            return null;
        }
    }

    static bool IsAway(Exception fault) =>
        fault is RedisException or RedisCommandException or TimeoutException or SocketException or IOException or ObjectDisposedException;

    void CameBack()
    {
        LogBack();
        Changed?.Invoke();
    }

    void WentAway(Exception fault)
    {
        // The client's own message names hosts and keys; its kind says enough.
        LogAway(fault.GetType().Name);
        Changed?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        base.Dispose();
        if (_redis is { } open) await open.CloseAsync(allowCommandsToComplete: false);
    }

    [LoggerMessage(9100, LogLevel.Information, "No Redis is configured; the service runs without it")]
    partial void LogWithout();

    [LoggerMessage(9101, LogLevel.Warning, "Redis is away ({Reason}); the service goes on without it")]
    partial void LogAway(string reason);

    [LoggerMessage(9102, LogLevel.Information, "Redis answers")]
    partial void LogBack();
}
