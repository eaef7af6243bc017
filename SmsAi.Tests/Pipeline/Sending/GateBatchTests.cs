using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Sending;

/// <summary>The last door before the carrier: of two turns of one conversation, only the one that has the lease passes.</summary>
public sealed class GateBatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Turn_that_lost_its_lease_does_not_pass_with_the_one_that_has_it(bool isStored)
    {
        await using var road = await RoadHost.StartAsync(_database);
        using var writer = new WriterTurn(atOnce: 1, Patience);
        await using var gate = new GateBatch(road.Get<Databases>(), road.Get<PhoneHasher>(), road.Get<IEnumerable<ISendGate>>(), writer);
        var late = await RunningTurn.BeginAsync(road, _database, "+14155550100");
        if (isStored)
            late.Outbound = (await gate.AddAsync(new GateRequest(late, new Draft("answer", "Hello!", 1), NewId: 9_001, WantsGate: false))).Stored;
        var leased = await RunningTurn.LeaseAsync(road, _database);
        await road.Switches.ResumeAsync(Switch.Kill, "", RoadHost.Admin, CancellationToken.None);

        // One batch: both wait until the writer may go.
        Task<GateAnswer> first, second;
        using (await writer.TakeAsync())
        {
            first = gate.AddAsync(isStored ? new GateRequest(late, null, null, WantsGate: true) : New(late, 9_002));
            second = gate.AddAsync(isStored ? new GateRequest(leased, null, null, WantsGate: true) : New(leased, 9_003));
        }

        var (refused, passed) = (await first, await second);
        (refused.IsOpen, refused.Stored).ShouldBe((false, null));
        passed.IsOpen.ShouldBeTrue();
        (await _database.ListAsync<string>("select id || ' ' || state from messages where direction = 'out'")).ShouldBe([isStored ? "9001 sending" : "9003 sending"]);
    }

    private static GateRequest New(Turn turn, long id) => new(turn, new Draft("answer", "Hello!", 1), id, WantsGate: true);
}
