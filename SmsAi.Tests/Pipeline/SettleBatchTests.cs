using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline;

/// <summary>The ends of turns, written once however often they are asked for: the answer to a commit may be lost with the connection.</summary>
public sealed class SettleBatchTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("done")]
    [InlineData("ignored")]
    [InlineData("again")]
    [InlineData("held")]
    public async Task End_that_is_asked_for_again_changes_nothing_more(string act)
    {
        await using var road = await RoadHost.StartAsync(_database);
        var turn = await RunningTurn.BeginAsync(road, _database, "+14155550100");
        var end = act switch
        {
            "done" => new Settlement(turn, QueueAct.Done) { EventType = "sent" },
            "ignored" => Settlement.Ignore(turn, "stale", "stale"),
            "again" => new Settlement(turn, QueueAct.Again) { CountsAsTry = true, Delay = TimeSpan.FromHours(1), EventType = "retry" },
            _ => Settlement.Hold(turn, "kill"),
        };
        var batch = road.Get<SettleBatch>();

        (await batch.AddAsync(end)).Kept.ShouldBeTrue();
        var once = await StateAsync();
        (await batch.AddAsync(end)).Kept.ShouldBeFalse();

        (await StateAsync()).ShouldBe(once);
        once.ShouldStartWith(act is "done" or "ignored" ? "0 items of 0 pending, version 2, 1 ends, free" : "1 items of 1 pending, version 2, 1 ends, free");
    }

    [Theory]
    [InlineData("sent")]
    [InlineData("given back")]
    [InlineData("held")]
    public async Task End_of_a_turn_that_lost_its_lease_changes_nothing_beside_that_of_the_one_that_has_it(string end)
    {
        await using var road = await RoadHost.StartAsync(_database);
        var late = await RunningTurn.BeginAsync(road, _database, "+14155550100");
        var leased = await RunningTurn.LeaseAsync(road, _database);
        using var writer = new WriterTurn(atOnce: 1, TimeSpan.FromMinutes(1));
        await using var batch = new SettleBatch(road.Get<Databases>(), road.Get<TurnSlots>(), writer, road.Get<IOptions<QueueOptions>>());

        // One batch: both wait until the writer may go.
        Task<Settled> first, second;
        using (await writer.TakeAsync())
        {
            first = batch.AddAsync(end switch
            {
                "sent" => new Settlement(late, QueueAct.Done) { EventType = "sent" },
                "given back" => new Settlement(late, QueueAct.Again),
                _ => Settlement.Hold(late, "kill"),
            });
            second = batch.AddAsync(new Settlement(leased, QueueAct.Done) { EventType = "sent" });
        }

        (await first).Kept.ShouldBeFalse();
        (await second).Kept.ShouldBeTrue();
        (await StateAsync()).ShouldBe("0 items of 0 pending, version 2, 1 ends, free");
    }

    [Fact]
    public async Task Ends_go_on_with_the_next_text_of_the_conversation_under_the_same_lease()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var turn = await RunningTurn.BeginAsync(road, _database, "+14155550100");
        await _database.ExecuteAsync("""
            insert into queue (id, conversation_id, user_id, inbound_id, message_at, position, priority, state)
            select id + 1, conversation_id, user_id, inbound_id + 1, message_at, position + 1, priority, 'queued' from queue;
            update conversations set pending = 2;
            """);

        var settled = await road.Get<SettleBatch>().AddAsync(new Settlement(turn, QueueAct.Done) { EventType = "sent" });

        settled.ShouldBe(new Settled(true, turn.ItemId + 1));
        (await StateAsync()).ShouldBe("1 items of 1 pending, version 2, 1 ends, leased running");
    }

    private Task<string?> StateAsync() => _database.ScalarAsync<string>("""
        select format('%s items of %s pending, version %s, %s ends, %s', (select count(*) from queue), c.pending, c.version,
          (select count(*) from events where type <> 'received'),
          concat_ws(' ', case when c.lease_until is null then 'free' else 'leased' end, (select string_agg(concat_ws(' ', state, nullif(tries, 0), held_by), ' ') from queue)))
        from conversations c
        """);
}
