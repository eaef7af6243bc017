using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Metrics;

/// <summary>
/// The replica's one snapshot of the Overview: made anew at most every 250 ms when there is news (for hundreds of watchers every half second,
/// since each has it drawn) and at least every two seconds while somebody watches; nothing is asked while nobody does. However many watch, the
/// database is asked once.
/// </summary>
public sealed partial class OverviewSource : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShortestForMany = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ForEach = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan BetweenSome = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private const int AtOnce = 20;

    private readonly OverviewQuery _query;
    private readonly MessageBodies _bodies;
    private readonly LiveFeed _live;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Channel<OverviewSnapshot>, bool> _watchers = [];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private OverviewSnapshot? _current;

    internal OverviewSource(OverviewQuery query, MessageBodies bodies, LiveFeed live, TimeProvider clock, ILogger<OverviewSource> logger) =>
        (_query, _bodies, _live, _clock, _logger) = (query, bodies, live, clock, logger);

    /// <summary>The newest snapshot, which is old when nobody has been watching; null before the first.</summary>
    public OverviewSnapshot? Current => Volatile.Read(ref _current);

    /// <summary>Each new snapshot from now on, beginning with the current one if it is fresh. A slow watcher gets the newest, not every one.</summary>
    public async IAsyncEnumerable<OverviewSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var mine = Channel.CreateBounded<OverviewSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers[mine] = true;
        try
        {
            Wake();
            var shown = Current is { } fresh && _clock.GetUtcNow() - fresh.At < Longest ? fresh : null;
            if (shown is not null)
                yield return shown;
            await foreach (var next in mine.Reader.ReadAllAsync(cancel))
            {
                if (!ReferenceEquals(next, shown))
                    yield return next;
            }
        }
        finally
        {
            _watchers.TryRemove(mine, out _);
        }
    }

    /// <summary>The texts of some lines of the tail, by message id, for those who may read them: the caller checks the right. Erased ones are missing.</summary>
    public Task<IReadOnlyDictionary<long, string>> ReadBodiesAsync(IReadOnlyCollection<long> messages, CancellationToken cancel) =>
        _bodies.ReadAsync(messages, cancel);

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SteadyWork.RunAsync(ListenAsync, _logger, stoppingToken), SteadyWork.RunAsync(MakeAllAsync, _logger, stoppingToken));

    private async Task MakeAllAsync(CancellationToken stopping)
    {
        while (true)
        {
            if (_watchers.IsEmpty)
            {
                await _wake.WaitAsync(stopping);
                continue;
            }

            var (began, pace) = (_clock.GetTimestamp(), Pace);
            await MakeAsync(stopping);
            if (pace - _clock.GetElapsedTime(began) is { Ticks: > 0 } rest)
                await Task.Delay(rest, _clock, stopping);
            await _wake.WaitAsync(Longest - pace, stopping);
        }
    }

    private TimeSpan Pace => Shortest + _watchers.Count * ForEach is var pace && pace < ShortestForMany ? pace : ShortestForMany;

    private async Task MakeAsync(CancellationToken cancel)
    {
        try
        {
            var snapshot = await _query.ReadAsync(cancel);
            Volatile.Write(ref _current, snapshot);
            await TellAsync(snapshot, cancel);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            // Whoever watches keeps the last one and sees how old it is.
            LogNotRead(_logger, fault.GetType().Name);
            await Task.Delay(Longest, _clock, cancel);
        }
    }

    /// <summary>Each watcher draws: hundreds at once would keep the threads from everybody else until all of them are done.</summary>
    private async Task TellAsync(OverviewSnapshot snapshot, CancellationToken cancel)
    {
        var told = 0;
        foreach (var watcher in _watchers.Keys)
        {
            if (told > 0 && told % AtOnce == 0)
                await Task.Delay(BetweenSome, _clock, cancel);
            watcher.Writer.TryWrite(snapshot);
            told++;
        }
    }

    private async Task ListenAsync(CancellationToken stopping)
    {
        await foreach (var _ in _live.ReadAsync([LiveTopics.Metrics, LiveTopics.Queue, LiveTopics.Messages, LiveTopics.Controls], stopping))
        {
            if (!_watchers.IsEmpty)
                Wake();
        }
    }

    private void Wake()
    {
        lock (_watchers)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    [LoggerMessage(2103, LogLevel.Warning, "The Overview could not be read ({Fault}); it shows its last figures")]
    private static partial void LogNotRead(ILogger logger, string fault);
}
