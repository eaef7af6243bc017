using System.Collections.Concurrent;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Tests.Pipeline;

public sealed class WriterTurnTests : IAsyncDisposable
{
    private readonly NpgsqlDataSource _pool = NpgsqlDataSource.Create("Host=127.0.0.1");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_for_its_turn_gathers_one_batch_meanwhile()
    {
        using var turn = new WriterTurn(atOnce: 1, Timeout.InfiniteTimeSpan);
        var batches = new ConcurrentQueue<int>();
        await using var writer = Writer(turn, batches);

        Task<int>[] added;
        using (await turn.TakeAsync())
        {
            added = [.. Enumerable.Range(0, 40).Select(item => writer.AddAsync(item, Cancel))];
        }

        Assert.Equal(Enumerable.Range(0, 40), await Task.WhenAll(added));
        Assert.Equal([40], batches);
    }

    [Fact]
    public async Task A_turn_that_never_ends_stops_nobody()
    {
        using var turn = new WriterTurn(atOnce: 1, TimeSpan.FromMilliseconds(1));
        await using var writer = Writer(turn, []);
        using var hanging = await turn.TakeAsync();

        Assert.Equal(7, await writer.AddAsync(7, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        Assert.Equal(8, await writer.AddAsync(8, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    [Fact]
    public async Task A_batch_that_fails_ends_its_turn()
    {
        using var turn = new WriterTurn(atOnce: 1, Timeout.InfiniteTimeSpan);
        await using var failing = new GroupCommit<int, int>(
            _pool, writers: 1, largestBatch: 96, capacity: 96, _ => throw new InvalidOperationException("refused"), turn);
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.AddAsync(1, Cancel));

        await using var writer = Writer(turn, []);
        Assert.Equal(2, await writer.AddAsync(2, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private GroupCommit<int, int> Writer(WriterTurn turn, ConcurrentQueue<int> batches) =>
        new(_pool, writers: 1, largestBatch: 96, capacity: 96, items =>
        {
            batches.Enqueue(items.Count);
            return Task.FromResult(items.ToArray());
        }, turn);
}
