using System.Threading.Channels;
using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>
/// Turns many small writes into few transactions: callers wait on one bounded channel, and each writer commits whatever gathered while its
/// last batch was committing. There is no timer. The channel holds work only while its caller waits for the answer, so nothing is lost with it.
/// </summary>
public sealed class GroupCommit<TItem, TResult> : IAsyncDisposable
{
    private readonly Channel<Waiting>[] _lanes;
    private readonly Func<TItem, int>? _laneOf;
    private readonly Func<IReadOnlyList<TItem>, Task<TResult[]>> _commit;
    private readonly NpgsqlDataSource _pool;
    private readonly WriterTurn? _turn;
    private readonly int _largestBatch;
    private readonly Task[] _writers;

    /// <param name="pool">Where <paramref name="commit"/> takes its connections from.</param>
    /// <param name="turn">Shared with the other writers that should not be at the database at the same time.</param>
    /// <param name="laneOf">Items of one lane keep their order: a lane has one writer. Without it all writers share one channel and batches may pass each other.</param>
    public GroupCommit(
        NpgsqlDataSource pool, int writers, int largestBatch, int capacity, Func<IReadOnlyList<TItem>, Task<TResult[]>> commit,
        WriterTurn? turn = null, Func<TItem, int>? laneOf = null)
    {
        (_pool, _commit, _turn, _laneOf, _largestBatch) = (pool, commit, turn, laneOf, largestBatch);
        var lanes = laneOf is null ? 1 : writers;
        var shape = new BoundedChannelOptions(Math.Max(1, capacity / lanes)) { SingleReader = lanes == writers };
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => Channel.CreateBounded<Waiting>(shape))];
        _writers = [.. Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(_lanes[writer % lanes].Reader)))];
    }

    /// <summary>How many callers wait to be taken into a batch.</summary>
    public int Depth => _lanes.Sum(lane => lane.Reader.Count);

    /// <summary>Completes after the commit that holds the item; throws what the database said when the item cannot be stored.</summary>
    public async Task<TResult> AddAsync(TItem item, CancellationToken cancel)
    {
        var waiting = new Waiting(item);
        var lane = _lanes[_laneOf is null ? 0 : (int)((uint)_laneOf(item) % _lanes.Length)].Writer;
        if (!lane.TryWrite(waiting))
            await lane.WriteAsync(waiting, cancel);
        // A caller may stop waiting; its item is committed all the same.
        return await waiting.Done.Task.WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
            lane.Writer.TryComplete();
        await Task.WhenAll(_writers);
    }

    private async Task WriteAsync(ChannelReader<Waiting> lane)
    {
        var batch = new List<Waiting>(_largestBatch);
        while (await lane.WaitToReadAsync())
        {
            using (_turn is null ? default : await _turn.TakeAsync())
            {
                while (batch.Count < _largestBatch && lane.TryRead(out var waiting))
                    batch.Add(waiting);
                if (batch.Count > 0)
                    await CommitAsync(batch);
            }

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
            catch (PostgresException fault) when (repeat < 5 && (IsCollision(fault) || _pool.BeginAnewAfter(fault)))
            {
                // Deadlock, serialisation failure or a session's loss: nothing of the batch was stored, the same batch goes again.
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
