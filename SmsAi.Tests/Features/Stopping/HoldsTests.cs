using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>Holds and blocked numbers, on the road they stop.</summary>
public sealed class HoldsTests : IAsyncLifetime
{
    private const string Anna = "+4915123456740";
    private const string Ben = "+4915123456741";
    private static readonly CancellationToken None = CancellationToken.None;

    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Tier_on_hold_gets_nothing_until_it_is_released_and_others_do()
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.TextAsync(Anna, "hello");
        await road.SettledAsync(1);
        await _database.ExecuteAsync("update users set tier_id = 2");
        var hold = await road.Get<Holds>().PlaceAsync(new HoldTarget.Tier("premium"), "prices", null, RoadHost.Admin, None);

        await road.TextAsync(Anna, "held");
        await road.TextAsync(Ben, "not held");
        await road.SettledAsync(2);
        await Until.EqualAsync(1L, () => _database.ScalarAsync<long>("select count(*) from queue where state = 'held' and held_by = 'hold'"));
        (await road.Get<Holds>().ReadAsync(None)).Single().ShouldSatisfyAllConditions(
            shown => shown.What.ShouldBe("premium"), shown => shown.Waiting.ShouldBe(1), shown => shown.By.ShouldBe("Mara"));

        (await road.Get<Holds>().LiftAsync(hold, "done", RoadHost.Admin, None)).ShouldBeTrue();
        await road.SettledAsync(3);
    }

    [Fact]
    public async Task Reason_longer_than_the_form_takes_holds_and_blocks_nothing()
    {
        var (hasher, live) = (new PhoneHasher(new byte[32]), HandLedger.Live(_database.Databases));
        var (holds, blocked) = (new Holds(_database.Databases, hasher, live), new BlockedNumbers(_database.Databases, hasher, live));
        var long201 = new string('x', 201);

        await Should.ThrowAsync<ArgumentException>(() => holds.PlaceAsync(new HoldTarget.Kind("answer"), long201, null, RoadHost.Admin, None));
        await Should.ThrowAsync<ArgumentException>(() => blocked.BlockAsync(PhoneNumber.Parse(Anna), long201, null, RoadHost.Admin, None));
        await Should.ThrowAsync<ArgumentException>(() => new StopSwitches(_database.Databases, live).PauseAsync(null, "lunch", new string('x', 481), RoadHost.Admin, None));

        (await _database.ScalarAsync<long>("select (select count(*) from holds) + (select count(*) from blocked_senders) + (select count(*) from control_flips)")).ShouldBe(0);
    }

    [Fact]
    public async Task Stop_holds_however_long_its_reason_is()
    {
        var switches = new StopSwitches(_database.Databases, HandLedger.Live(_database.Databases));

        var ver = await switches.StopAllAsync(RoadHost.Admin, "wrong\0 " + new string('x', 10_000), None);
        await switches.ExplainAsync(ver, new string('y', 10_000), RoadHost.Admin, None);

        (await switches.ReadAsync(None)).IsKilled.ShouldBeTrue();
        (await _database.ListAsync<string>("select metadata ->> 'reason' from audit order by id")).ShouldBe(["wrong " + new string('x', 394), new string('y', 400)]);
    }

    [Fact]
    public async Task Kind_on_hold_waits_though_everything_else_leaves()
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.Get<Holds>().PlaceAsync(new HoldTarget.Kind("answer"), "wrong language", null, RoadHost.Admin, None);

        await road.TextAsync(Anna, "hello");

        await Until.EqualAsync("hold", () => _database.ScalarAsync<string>("select held_by from queue where state = 'held'"));
        road.Carrier.Taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("person")]
    [InlineData("number")]
    [InlineData("kind")]
    public async Task Held_text_asks_no_model_until_the_hold_is_lifted_and_then_once(string target)
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.TextAsync(Anna, "hello");
        await road.SettledAsync(1);
        HoldTarget held = target switch
        {
            "person" => (await road.Get<Holds>().FindAsync(Anna, None))!,
            "number" => new HoldTarget.OurNumber(RoadHost.OurNumber),
            _ => new HoldTarget.Kind("answer"),
        };
        var hold = await road.Get<Holds>().PlaceAsync(held, "look first", null, RoadHost.Admin, None);
        await Until.TrueAsync(() => road.Get<SwitchWatch>().KnowsHolds);
        var asked = road.Model.Asked.Count;

        await road.TextAsync(Anna, "more");
        await Until.EqualAsync("hold", () => _database.ScalarAsync<string>("select held_by from queue where state = 'held' and outbound_id is null"));
        await road.TextAsync(Anna, "last");
        await Until.EqualAsync(0L, () => _database.ScalarAsync<long>("select count(*) from conversations where lease_until is not null"));
        road.Model.Asked.Count.ShouldBe(asked);
        (await road.Get<Holds>().ReadAsync(None)).Single().Waiting.ShouldBe(1);
        road.Carrier.Taken.Count.ShouldBe(1);

        await road.Get<Holds>().LiftAsync(hold, "seen", RoadHost.Admin, None);

        await Until.EqualAsync(0L, () => _database.ScalarAsync<long>("select count(*) from queue"));
        road.Model.Asked.Count.ShouldBe(asked + 2);
    }

    [Fact]
    public async Task Hold_ends_by_itself_and_the_trail_says_so()
    {
        await using var road = await RoadHost.StartAsync(_database);
        await road.Get<Holds>().PlaceAsync(new HoldTarget.OurNumber(RoadHost.OurNumber), "works", DateTimeOffset.UtcNow.AddHours(1), RoadHost.Admin, None);
        await road.TextAsync(Anna, "hello");
        await Until.EqualAsync(1L, () => _database.ScalarAsync<long>("select count(*) from queue where state = 'held'"));

        await _database.ExecuteAsync("update holds set until = now()");

        await road.SettledAsync(1);
        (await _database.ListAsync<string>("select actor || ' ' || action || ' ' || resource from audit order by id"))
            .ShouldBe(["Mara hold.place number", "SmsAi hold.lift number"]);
    }

    [Fact]
    public async Task Blocked_number_gets_no_answer_though_it_never_texted_before()
    {
        await using var road = await RoadHost.StartAsync(_database);
        (await road.Get<BlockedNumbers>().BlockAsync(PhoneNumber.Parse("+49 151 23456740"), "malware", null, RoadHost.Admin, None)).ShouldBeTrue();
        (await road.Get<BlockedNumbers>().BlockAsync(PhoneNumber.Parse(Anna), "again", null, RoadHost.Admin, None)).ShouldBeFalse();

        await road.TextAsync(Anna, "hello");
        await road.TextAsync(Ben, "hello");
        await road.SettledAsync(1);

        road.Carrier.Taken.ShouldHaveSingleItem().To.ShouldBe(Ben);
        (await _database.ScalarAsync<string>("select m.state::text from messages m join users u on u.id = m.user_id where u.phone_tail = '40'")).ShouldBe("blocked");
        var shown = (await road.Get<BlockedNumbers>().ReadAsync(null, null, 10, None)).Numbers.ShouldHaveSingleItem();
        (shown.Tail, shown.Reason, shown.By).ShouldBe(("40", "malware", "Mara"));
        shown.Alias.ShouldNotBeNull("she has texted by now");
        (await _database.ScalarAsync<string>("select string_agg(audit::text, '') from audit"))!.ShouldNotContain("15123456740");
    }

    [Fact]
    public async Task Block_reaches_the_answer_that_is_being_written()
    {
        var thought = new TaskCompletionSource();
        var model = new FakeModel { Thinks = thought.Task };
        await using var road = await RoadHost.StartAsync(_database, model: model);
        await road.TextAsync(Anna, "hello");
        await Until.TrueAsync(() => model.Asked.Count == 1);

        await road.Get<BlockedNumbers>().BlockAsync(PhoneNumber.Parse(Anna), "loop", null, RoadHost.Admin, None);
        thought.SetResult();

        await Until.EqualAsync("blocked", () => _database.ScalarAsync<string>("select state::text from messages where direction = 'out'"));
        road.Carrier.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Freed_number_is_answered_again_and_can_be_blocked_again_by_its_hash_alone()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var blocked = road.Get<BlockedNumbers>();
        await blocked.BlockAsync(PhoneNumber.Parse(Anna), "loop", null, RoadHost.Admin, None);
        var id = (await blocked.ReadAsync(null, null, 10, None)).Numbers.Single().Id;

        var freed = (await blocked.FreeAsync(id, "sorted", RoadHost.Admin, None)).ShouldNotBeNull();
        (await blocked.FreeAsync(id, "sorted", RoadHost.Admin, None)).ShouldBeNull();
        await road.TextAsync(Anna, "hello");
        await road.SettledAsync(1);

        (await blocked.BlockAsync(freed, RoadHost.Admin, None)).ShouldBeTrue();
        await road.TextAsync(Anna, "hello again");
        await Until.EqualAsync(1L, () => _database.ScalarAsync<long>("select count(*) from messages where state = 'blocked'"));
    }

    [Fact]
    public async Task Replicas_free_what_is_over_once()
    {
        await _database.ExecuteAsync("""
            insert into blocked_senders (phone_hash, phone_tail, until) select sha256(n::text::bytea), '0' || n, case when n < 4 then now() - interval '1 second' end from generate_series(1, 5) n
            """);
        using var live = HandLedger.Live(_database.Databases);
        Expiry Replica() => new(_database.Databases, live, TimeProvider.System, NullLogger<Expiry>.Instance);

        var freed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Replica().RunOnceAsync(None))));

        freed.Sum().ShouldBe(3);
        (await _database.ListAsync<string>("select phone_tail from blocked_senders order by 1")).ShouldBe(["04", "05"]);
        (await _database.ScalarAsync<long>("select count(*) from audit where action = 'number.free'")).ShouldBe(3);
    }

    [Fact]
    public async Task Blocked_numbers_are_paged_newest_first()
    {
        await _database.ExecuteAsync("insert into blocked_senders (phone_hash, phone_tail, reason) select sha256(n::text::bytea), lpad(n::text, 2, '0'), 'x' from generate_series(1, 7) n");
        using var live = HandLedger.Live(_database.Databases);
        var blocked = new BlockedNumbers(_database.Databases, new(new byte[32]), live);

        var first = await blocked.ReadAsync(null, null, 3, None);
        var second = await blocked.ReadAsync(first.Numbers[^1].Id, null, 3, None);
        var third = await blocked.ReadAsync(second.Numbers[^1].Id, null, 3, None);
        var back = await blocked.ReadAsync(null, third.Numbers[0].Id, 3, None);

        new[] { first, second, third, back }.Select(page => string.Join(' ', page.Numbers.Select(number => number.Tail)) + $" {page.HasNewer} {page.HasOlder} {page.Total}")
            .ShouldBe(["07 06 05 False True 7", "04 03 02 True True 7", "01 True False 7", "04 03 02 True True 7"]);
    }

    [Fact]
    public async Task Gate_looks_holds_up_by_their_indexes()
    {
        await _database.ExecuteAsync("""
            insert into users (id, phone_hash, alias) select n, sha256(n::text::bytea), 'person-' || n from generate_series(1, 5000) n;
            insert into conversations (id, user_id, our_number) select n, n, '+1' from generate_series(1, 5000) n;
            insert into holds (user_id, reason, by_name) select n, 'x', 'x' from generate_series(1, 300) n;
            analyze
            """);
        string[] statements =
        [
            $"select 1 from messages o join conversations c on c.id = o.conversation_id where o.id = 7 and o.created_at = now() and ({new HoldGate().Condition})",
            QueueSql.WakeTexts,
        ];
        foreach (var statement in statements)
        {
            await using var explain = _database.Databases.Road.CreateCommand("explain " + statement);
            await using var rows = await explain.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await rows.ReadAsync()) plan.Add(rows.GetString(0));

            string.Join('\n', plan).ShouldNotContain("Seq Scan on holds");
        }
    }

    [Fact]
    public async Task Who_may_not_operate_neither_holds_nor_blocks()
    {
        await using var road = await RoadHost.StartAsync(_database);
        var viewer = new Actor("Vera", 9, OperatorRoles.Viewer);

        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<Holds>().PlaceAsync(new HoldTarget.Kind("answer"), "x", null, viewer, None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<Holds>().LiftAsync(1, "x", viewer, None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<BlockedNumbers>().BlockAsync(PhoneNumber.Parse(Anna), "x", null, viewer, None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => road.Get<BlockedNumbers>().FreeAsync(1, "x", viewer, None));
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }
}
