using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline;

/// <summary>The road of what we send, where it is rarely walked.</summary>
public sealed class OutboundFlowTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Turn_that_lost_its_lease_while_it_waited_for_a_place_ends_without_asking_the_gate()
    {
        await using var road = await RoadHost.StartAsync(_database, settings: ("Queue:SendsAtOnce", "1"));
        var late = await RunningTurn.BeginAsync(road, _database, "+14155550100");
        await RunningTurn.LeaseAsync(road, _database);

        Task<Settlement> running;
        using (await road.Get<SendSlots>().TakeAsync(QueueClass.Answers, CancellationToken.None))
            running = road.Get<OutboundFlow>().RunAsync(late, new Draft("answer", "Hello!", 1), CancellationToken.None);

        (await running).ShouldBe(new Settlement(late, QueueAct.Again));
        (await _database.ScalarAsync<long>("select count(*) from messages where direction = 'out'")).ShouldBe(0);
    }
}
