using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline;

/// <summary>Long turns keep their leases, whatever happens to one of them.</summary>
public sealed class LeaseKeeperTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private TestDatabase _database = null!;
    private LeaseKeeper _keeper = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.ExecuteAsync(
            """
            insert into users (phone_hash, phone_cipher, phone_tail, alias) select decode(lpad(n::text, 64, '0'), 'hex'), '\x00', '00', 'someone ' || n from generate_series(1, 3) n
            """);
        await _database.ExecuteAsync(
            """
            insert into conversations (id, user_id, our_number, fence, lease_owner, lease_until)
            select row_number() over (order by id), id, '+15005550006', 1, 1, clock_timestamp() + interval '1 second' from users
            """);
        _keeper = new LeaseKeeper(
            _database.Databases, Options.Create(new QueueOptions { Lease = Lease }), new LateClock(Lease), NullLogger<LeaseKeeper>.Instance);
        for (var conversation = 1; conversation <= 3; conversation++)
            _keeper.Hold(SampleTurns.Of(conversationId: conversation));
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task One_that_somebody_writes_just_now_keeps_the_others_from_nothing()
    {
        await using (var connection = await _database.Owner.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("select from conversations where id = 2 for update", connection))
                await command.ExecuteNonQueryAsync();

            (await _keeper.RenewAsync(CancellationToken.None)).ShouldBe(0, "none of them is lost");

            (await RenewedAsync()).ShouldBe([1, 3]);
        }

        await _keeper.RenewAsync(CancellationToken.None);

        (await RenewedAsync()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task One_that_went_to_another_replica_or_was_let_go_is_left_alone()
    {
        await _database.ExecuteAsync("update conversations set fence = 2 where id = 1");
        await _database.ExecuteAsync("update conversations set lease_until = null where id = 3");

        (await _keeper.RenewAsync(CancellationToken.None)).ShouldBe(2);

        (await RenewedAsync()).ShouldBe([2]);
    }

    private Task<IReadOnlyList<long>> RenewedAsync() =>
        _database.ListAsync<long>("select id from conversations where lease_until > clock_timestamp() + interval '30 seconds' order by id");

    /// <summary>Each look at it is a lease later than the one before.</summary>
    private sealed class LateClock(TimeSpan step) : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, step.Ticks);
    }
}
