using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>Replicas that stopped for good, and what is told of them afterwards.</summary>
public sealed class ReplicaRetentionTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Those_silent_for_a_day_go_whether_they_stopped_or_were_lost_and_others_stay()
    {
        await _database.ExecuteAsync("""
            insert into replicas (name, seen_at, stopped_at) values
              ('there', now(), null), ('stopped today', now() - interval '23 hours', now() - interval '23 hours'), ('lost today', now() - interval '23 hours', null),
              ('stopped', now() - interval '25 hours', now() - interval '25 hours'), ('lost', now() - interval '25 hours', null);
            insert into replica_figures (replica_id, version, cpu_percent, memory_bytes, threads, connections, turns, turns_at_most)
              select id, '1', 1, 1, 1, 1, 0, 1 from replicas;
            insert into stop_checks (replica_id, took_ms, replicas, confirming) select id, 5, 1, 1 from replicas;
            """);

        (await RemoveAsync()).ShouldBe(2);

        (await _database.ListAsync<string>("select name from replicas order by name")).ShouldBe(["lost today", "stopped today", "there"]);
        (await _database.ScalarAsync<long>("select count(*) from replica_figures")).ShouldBe(3);
        (await _database.ScalarAsync<long>("select count(*) from stop_checks")).ShouldBe(5, "the proofs of 90 days stay");
        (await RemoveAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Old_receipt_still_counts_who_acknowledged_it_and_not_who_came_later()
    {
        await _database.ExecuteAsync("""
            insert into control_flips (ver, name, stopped, by_name, at, replicas_expected) values (7, 'kill', true, 'Mara', now() - interval '3 days', 2);
            insert into replicas (id, name, started_at, seen_at) values (101, 'a', now() - interval '4 days', now() - interval '2 days'),
              (102, 'b', now() - interval '4 days', now()), (103, 'late', now() - interval '2 days', now() - interval '2 days');
            insert into control_acknowledgements (ver, replica_id, at, cancelled) values (7, 101, now() - interval '3 days' + interval '12 ms', 1),
              (7, 102, now() - interval '3 days' + interval '14 ms', 2), (7, 103, now() - interval '1 day', 0);
            """);
        await using var road = await RoadHost.StartAsync(_database);
        var before = (await road.Get<StopSwitches>().ReceiptAsync(7, default))!;

        (await RemoveAsync()).ShouldBe(2);
        var after = (await road.Get<StopSwitches>().ReceiptAsync(7, default))!;

        (before.ReplicasConfirmed, before.ReplicasExpected).ShouldBe((2, 2));
        (after.ReplicasConfirmed, after.ReplicasExpected, after.TookMs, after.ModelCallsCancelled).ShouldBe((2, 2, 14, 3));
        (await road.Get<RecentFlips>().NewestAsync(1, default)).Single().Confirmed.ShouldBe(2);
    }

    [Fact]
    public async Task Replica_that_stood_still_and_woke_is_one_of_those_there_are()
    {
        await _database.ExecuteAsync("""
            insert into control_flips (ver, name, stopped, by_name, at, replicas_expected) values (7, 'kill', true, 'Mara', now() - interval '1 minute', 1);
            insert into replicas (id, name, started_at, seen_at) values (101, 'a', now() - interval '1 hour', now()), (102, 'woken', now() - interval '1 hour', now());
            insert into control_acknowledgements (ver, replica_id, at) values (7, 101, now()), (7, 102, now());
            """);
        await using var road = await RoadHost.StartAsync(_database);

        var receipt = (await road.Get<StopSwitches>().ReceiptAsync(7, default))!;

        (receipt.ReplicasConfirmed, receipt.ReplicasExpected).ShouldBe((2, 2));
        var flip = (await road.Get<RecentFlips>().NewestAsync(1, default)).Single();
        (flip.Confirmed, flip.Expected).ShouldBe((2, 2));
    }

    [Fact]
    public async Task New_stop_waits_only_for_replicas_that_live()
    {
        await _database.ExecuteAsync("""
            insert into replicas (name, seen_at, stopped_at) values ('stopped', now(), now()), ('lost', now() - interval '1 hour', null), ('long gone', now() - interval '2 days', null)
            """);
        await using var road = await RoadHost.StartAsync(_database);
        await Until.TrueAsync(() => _database.ScalarAsync<bool>("select exists (select from replicas where name = $1 and seen_ver is not null)", road.Get<Replica>().Name), "it beats");

        var ver = await road.Get<StopSwitches>().StopAllAsync(Actor.CommandLine, "", default);
        await Until.TrueAsync(async () => (await road.Get<StopSwitches>().ReceiptAsync(ver, default))!.ReplicasConfirmed == 1, "it acknowledged");

        (await road.Get<StopSwitches>().ReceiptAsync(ver, default))!.ReplicasExpected.ShouldBe(1);
    }

    [Fact]
    public async Task Replica_that_slept_for_days_is_counted_again_when_it_wakes()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var name = road.Get<Replica>().Name;
        await Until.TrueAsync(() => _database.ScalarAsync<bool>("select exists (select from replicas where name = $1)", name), "it is known");
        await _database.ExecuteAsync("delete from replicas where name = $1", name);

        await Until.TrueAsync(() => _database.ScalarAsync<bool>("select exists (select from replicas where name = $1 and stopped_at is null)", name), "it is known again");
        var ver = await road.Get<StopSwitches>().StopAllAsync(Actor.CommandLine, "", default);
        await Until.TrueAsync(async () => (await road.Get<StopSwitches>().ReceiptAsync(ver, default))!.ReplicasConfirmed == 1, "it acknowledged");
        (await road.Get<StopSwitches>().ReceiptAsync(ver, default))!.ReplicasExpected.ShouldBe(1);
    }

    private Task<int> RemoveAsync() => new ReplicaRetentionJob(_database.Databases).RemoveAsync(CancellationToken.None);
}
