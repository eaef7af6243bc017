using System.Diagnostics;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>The canary that proves each minute that the service can be stopped, and never leaves the house.</summary>
public sealed class StopDrillTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Replica_proves_at_its_start_that_it_can_be_stopped_and_nobody_is_sent_anything()
    {
        await using var road = await RoadHost.StartAsync(_database);

        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from stop_checks where fault is null") == 1);

        var evidence = await road.Get<StopChecks>().ReadAsync(CancellationToken.None);
        evidence.Fault.ShouldBeNull();
        evidence.VerifiedAt.ShouldNotBeNull();
        evidence.Minutes.ShouldHaveSingleItem().Held.ShouldBe(1);
        road.Carrier.Taken.ShouldBeEmpty();
        (await _database.ScalarAsync<long>("select count(*) from users")).ShouldBe(0);
        (await _database.ScalarAsync<long>("select count(*) from messages")).ShouldBe(0);
        (await _database.ScalarAsync<long>("select count(*) from events")).ShouldBe(0);
        (await _database.ScalarAsync<string>("select string_agg(name || stopped || ver, ' ' order by name) from controls")).ShouldBe("aifalse0 killfalse0 pausefalse0");
    }

    [Theory]
    [InlineData("update controls set stopped = true where name = 'kill'")]
    [InlineData("update controls set stopped = true where name = 'pause'")]
    [InlineData("insert into spend_days (day, cap_micros) values ((now() at time zone 'utc')::date, 0)")]
    public async Task Service_that_holds_everything_already_still_proves_its_stop(string closed)
    {
        await using var road = await RoadHost.StartAsync(_database);
        await _database.ExecuteAsync(closed);

        (await road.Get<StopDrill>().RunAsync(CancellationToken.None)).Fault.ShouldBeNull();
        (await _database.ScalarAsync<bool>("select bool_or(stopped) from controls")).ShouldBe(closed.StartsWith("update", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Gate_that_lost_its_switch_is_found_and_named_where_people_look()
    {
        await using var road = await RoadHost.StartAsync(_database);
        await Until.TrueAsync(async () => await _database.ScalarAsync<long>("select count(*) from stop_checks") == 1);
        var gates = road.Get<IEnumerable<ISendGate>>().Where(gate => gate is not KillGate);
        var broken = new StopDrill(_database.Databases, road.Get<Replica>(), gates, TimeProvider.System);

        var result = await broken.RunAsync(CancellationToken.None);

        result.Fault.ShouldBe("leaked");
        await road.Get<StopChecks>().KeepAsync(await road.Get<Replica>().IdAsync(CancellationToken.None), result, CancellationToken.None);
        var evidence = await road.Get<StopChecks>().ReadAsync(CancellationToken.None);
        evidence.Fault.ShouldBe($"{road.Get<Replica>().Name} let a canary through");
        evidence.Minutes[^1].Held.ShouldBeLessThan(evidence.Minutes.Sum(minute => minute.Checks));
        (await _database.ScalarAsync<long>("select count(*) from messages")).ShouldBe(0, "even this canary stays in the house");
    }

    [Fact]
    public async Task Hand_at_the_switch_is_not_kept_waiting_by_drills()
    {
        await using var road = await RoadHost.StartAsync(_database);
        using var enough = new CancellationTokenSource();
        var drills = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await road.Get<StopDrill>().RunAsync(CancellationToken.None);
        });

        var slowest = TimeSpan.Zero;
        for (var turn = 0; turn < 10; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            await road.Switches.StopAllAsync(RoadHost.Admin, "now", CancellationToken.None);
            slowest = new[] { slowest, Stopwatch.GetElapsedTime(started) }.Max();
            await road.Switches.ResumeAsync(SmsAi.Core.Features.Stopping.Switch.Kill, "again", RoadHost.Admin, CancellationToken.None);
        }

        await enough.CancelAsync();
        await drills;
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await _database.ScalarAsync<long>("select ver from controls where name = 'kill'")).ShouldBe(20);
        (await _database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeFalse();
    }

    [Fact]
    public async Task One_replica_without_proof_is_enough_for_doubt()
    {
        await _database.ExecuteAsync("""
            insert into replicas (name, started_at, seen_at) values ('app-1', now() - interval '1 hour', now()), ('app-2', now() - interval '1 hour', now()),
              ('gone', now() - interval '1 hour', now() - interval '20 minutes');
            insert into stop_checks (replica_id, at, took_ms, replicas, confirming, fault)
              select r.id, now() - x.ago, x.took, 2, 2, x.fault
              from replicas r join (values ('app-1', interval '10 seconds', 8, null), ('app-2', interval '4 minutes', 20, null),
                ('app-2', interval '30 seconds', 20, 'unread'), ('gone', interval '50 minutes', 900, null)) x(name, ago, took, fault) using (name)
            """);

        var evidence = await new StopChecks(_database.Databases, TimeProvider.System).ReadAsync(CancellationToken.None);

        evidence.Fault.ShouldBe("app-2 doesn't read the switches");
        evidence.VerifiedAt!.Value.ShouldBe(DateTimeOffset.UtcNow.AddMinutes(-4), TimeSpan.FromSeconds(30));
        evidence.Minutes[0].ShouldSatisfyAllConditions(minute => minute.IsInTime.ShouldBeFalse(), minute => minute.Slowest.TotalMilliseconds.ShouldBe(900));
    }
}
