using System.Threading.Channels;
using Npgsql;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>
/// Turns many small writes into few transactions: callers wait on one bounded channel, and each writer commits whatever gathered while its
/// last batch was committing. There is no timer. The channel holds work only while its caller waits for the answer, so nothing is lost with it.
/// </summary>
public sealed class GroupCommit<TItem, TResult> : IAsyncDisposable
{
    private readonly Channel<Waiting> _channel;
    private readonly Func<IReadOnlyList<TItem>, Task<TResult[]>> _commit;
    private readonly int _largestBatch;
    private readonly Task[] _writers;

    public GroupCommit(int writers, int largestBatch, int capacity, Func<IReadOnlyList<TItem>, Task<TResult[]>> commit)
    {
        _commit = commit;
        _largestBatch = largestBatch;
        _channel = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(capacity) { SingleReader = writers == 1 });
        _writers = [.. Enumerable.Range(0, writers).Select(_ => Task.Run(WriteAsync))];
    }

    /// <summary>How many callers wait to be taken into a batch.</summary>
    public int Depth => _channel.Reader.Count;

    /// <summary>Completes after the commit that holds the item; throws what the database said when the item cannot be stored.</summary>
    public async Task<TResult> AddAsync(TItem item, CancellationToken cancel)
    {
        var waiting = new Waiting(item);
        if (!_channel.Writer.TryWrite(waiting))
            await _channel.Writer.WriteAsync(waiting, cancel);
        // A caller may stop waiting; its item is committed all the same.
        return await waiting.Done.Task.WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await Task.WhenAll(_writers);
    }

    private async Task WriteAsync()
    {
        var batch = new List<Waiting>(_largestBatch);
        while (await _channel.Reader.WaitToReadAsync())
        {
            while (batch.Count < _largestBatch && _channel.Reader.TryRead(out var waiting))
                batch.Add(waiting);
            if (batch.Count > 0)
                await CommitAsync(batch);
            batch.Clear();
        }
    }

    private async Task CommitAsync(IReadOnlyList<Waiting> batch)
    {
        for (var repeat = 0; ; repeat++)
        {
            try
            {
                var results = await _commit([.. batch.Select(waiting => waiting.Item)]);
                for (var index = 0; index < batch.Count; index++)
                    batch[index].Done.TrySetResult(results[index]);
                return;
            }
            catch (PostgresException fault) when (IsCollision(fault) && repeat < 5)
            {
                // Deadlock or serialisation failure: nothing of the batch was stored, the same batch goes again.
            }
            catch (PostgresException fault) when (!fault.IsTransient && batch.Count > 1)
            {
                await CommitHalvesAsync(batch);
                return;
            }
            catch (Exception fault)
            {
                foreach (var waiting in batch)
                    waiting.Done.TrySetException(fault);
                return;
            }
        }
    }

    /// <summary>One row the database refuses must not take the others with it: halve until it stands alone.</summary>
    private async Task CommitHalvesAsync(IReadOnlyList<Waiting> batch)
    {
        var half = batch.Count / 2;
        await CommitAsync([.. batch.Take(half)]);
        await CommitAsync([.. batch.Skip(half)]);
    }

    private static bool IsCollision(PostgresException fault) =>
        fault.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    private sealed class Waiting(TItem item)
    {
        public TItem Item { get; } = item;

        public TaskCompletionSource<TResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
