using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Platform.Live;

/// <summary>
/// Carries news to everyone who shows something, in this replica and to the others: the first at once, what follows gathered for 100 ms.
/// News may be lost with a replica; whoever must not miss anything reads the ledger.
/// </summary>
public sealed class LiveFeed : BackgroundService
{
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    readonly LiveWire _wire;
    readonly TimeProvider _clock;
    readonly ILogger _log;
    readonly ConcurrentDictionary<LiveReader, bool> _readers = [];
    readonly Lock _gate = new();
    readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    HashSet<string> _pending = new(StringComparer.Ordinal);

    public LiveFeed(LiveWire wire, TimeProvider clock, ILogger<LiveFeed>? log = null)
    {
        _wire = wire;
        _clock = clock;
        _log = log ?? NullLogger<LiveFeed>.Instance;
        wire.Heard += HandOut;
    }

    /// <summary>Says that something of this topic changed. Cheap and never blocking; call it after the commit.</summary>
    public void Publish(string topic)
    {
        if (topic == LiveTopics.Controls)
        {
            // A flip hurries screens and cancels model calls: nothing to gather.
            HandOut([topic]);
            _wire.SendUrgent(topic);
            return;
        }
        lock (_gate) _pending.Add(topic);
        _signal.Writer.TryWrite(true);
    }

    /// <summary>
    /// News of the given topics from this call on: the reader is registered before this returns, so take it first and the snapshot second,
    /// and nothing falls between. The sequence ends when <paramref name="cancel"/> is.
    /// </summary>
    public IAsyncEnumerable<LiveNews> ReadAsync(IEnumerable<string> topics, CancellationToken cancel)
    {
        var reader = new LiveReader(topics.ToHashSet(StringComparer.Ordinal));
        _readers[reader] = true;
        // Also when nobody ever enumerates.
        var leaving = cancel.Register(() => Remove(reader));
        return EnumerateAsync(reader, leaving, CancellationToken.None);
    }

    /// <summary>Listeners of this replica; for tests and the diagnosis.</summary>
    public int Readers => _readers.Count;

    async IAsyncEnumerable<LiveNews> EnumerateAsync(
        LiveReader reader, CancellationTokenRegistration leaving, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var registration = leaving;
        await using var enumeratorLeaving = cancel.Register(() => Remove(reader));
        try
        {
            while (await reader.NextAsync() is { } news) yield return news;
        }
        finally
        {
            Remove(reader);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, _log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _signal.Reader.ReadAllAsync(stoppingToken))
            {
                HashSet<string> batch;
                lock (_gate) (batch, _pending) = (_pending, new(StringComparer.Ordinal));
                if (batch.Count == 0) continue;
                HandOut(batch);
                await _wire.SendAsync(batch, stoppingToken);
                await Task.Delay(Gather, _clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    void HandOut(IReadOnlyCollection<string> topics)
    {
        foreach (var reader in _readers.Keys) reader.Offer(topics);
    }

    void Remove(LiveReader reader)
    {
        _readers.TryRemove(reader, out _);
        reader.Close();
    }
}
