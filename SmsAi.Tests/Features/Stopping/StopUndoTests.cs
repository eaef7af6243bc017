using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>Undoing a hold and a block, placed and lifted, from its line of the trail.</summary>
public sealed class StopUndoTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Actor Mara = new("Mara", 7, OperatorRoles.Operator);
    private static readonly Actor Jonas = new("Jonas", 8, OperatorRoles.Operator);
    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private Holds _holds = null!;
    private BlockedNumbers _blocked = null!;
    private StopUndo _undo = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        _holds = new(_database.Databases, TestKeys.Hasher, _live);
        _blocked = new(_database.Databases, TestKeys.Hasher, _live);
        _undo = new(_database.Databases, _holds, _blocked, _live);
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Hold_that_was_placed_is_released_and_the_line_names_the_one_it_undoes()
    {
        await _holds.PlaceAsync(new HoldTarget.Kind("answer"), "wrong language", null, Mara, None);
        var line = await LastAsync();

        (await _undo.PreviewAsync(line, None)).ShouldBe(new StopBack("hold.place", "kind:answer", "Mara", null, null));
        (await _undo.ChangeBackAsync(line, "it was right", Jonas, None)).ShouldBeNull();

        (await _holds.ReadAsync(None)).ShouldBeEmpty();
        (await TrailAsync()).ShouldBe($$"""Jonas hold.lift kind:answer {"id": 1, "after": {"held": false}, "before": {"held": true}, "reason": "it was right", "undoes": {{line}}}""");
        (await _undo.ChangeBackAsync(line, "again", Jonas, None)).ShouldBe("This hold was released since.");
    }

    [Fact]
    public async Task Hold_that_was_lifted_holds_the_same_again_with_its_reason_and_its_end()
    {
        var until = DateTimeOffset.UtcNow.AddDays(1);
        var hold = await _holds.PlaceAsync(new HoldTarget.OurNumber("+15550100142"), "complaints", until, Mara, None);
        await _holds.LiftAsync(hold, "done", Mara, None);
        var line = await LastAsync();

        (await _undo.ChangeBackAsync(line, "too early", Jonas, None)).ShouldBeNull();

        (await _holds.ReadAsync(None)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            again => again.What.ShouldBe("+15550100142"), again => again.Reason.ShouldBe("complaints"), again => again.By.ShouldBe("Jonas"),
            again => again.Until!.Value.ShouldBe(until, TimeSpan.FromMilliseconds(1)));
        (await TrailAsync())!.ShouldNotContain("5550100142");
        (await TrailAsync())!.ShouldContain($"\"undoes\": {line}");
        (await _undo.ChangeBackAsync(line, "again", Jonas, None)).ShouldBe("That was changed back already, ended by its own time, or is more than 90 days ago.");
    }

    [Fact]
    public async Task Hold_somebody_placed_again_or_that_would_be_over_is_refused()
    {
        var target = new HoldTarget.Kind("notice");
        var hold = await _holds.PlaceAsync(target, "storm", null, Mara, None);
        await _holds.LiftAsync(hold, "done", Mara, None);
        var line = await LastAsync();
        await _holds.PlaceAsync(target, "mine", null, Jonas, None);
        (await _undo.ChangeBackAsync(line, "too early", Mara, None)).ShouldBe("Jonas holds this again.");

        await _database.ExecuteAsync("delete from holds; update lifted_holds set until = now() - interval '1 minute'");
        (await _undo.PreviewAsync(line, None))!.Refusal.ShouldBe("This hold would be over by now. Place a new one under Controls.");
        (await _database.ScalarAsync<long>("select count(*) from holds")).ShouldBe(0);
    }

    [Fact]
    public async Task Block_of_a_number_is_undone_and_its_undoing_too_while_nobody_else_acts()
    {
        await _blocked.BlockAsync(PhoneNumber.Parse("+4915123456740"), "loop", null, Mara, None);
        var blocked = await LastAsync();
        (await _undo.ChangeBackAsync(blocked, "no loop", Jonas, None)).ShouldBeNull();
        (await _database.ScalarAsync<long>("select count(*) from blocked_senders")).ShouldBe(0);
        (await _undo.PreviewAsync(blocked, None))!.Refusal.ShouldBe("This number was unblocked since.");

        var freed = await LastAsync();
        (await _undo.ChangeBackAsync(freed, "a loop after all", Mara, None)).ShouldBeNull();

        (await _blocked.ReadAsync(null, null, 5, None)).Numbers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            number => number.Tail.ShouldBe("40"), number => number.Reason.ShouldBe("loop"), number => number.By.ShouldBe("Mara"));
        (await _blocked.BlockAsync(PhoneNumber.Parse("+4915123456740"), "again", null, Mara, None)).ShouldBeFalse("it is the same number");
        (await TrailAsync()).ShouldSatisfyAllConditions(said => said!.ShouldContain($"\"undoes\": {freed}"), said => said!.ShouldNotContain("151234567"));
    }

    [Fact]
    public async Task Number_somebody_blocked_again_is_refused()
    {
        var number = PhoneNumber.Parse("+4915123456740");
        await _blocked.BlockAsync(number, "loop", null, Mara, None);
        await _blocked.FreeAsync((await _blocked.ReadAsync(null, null, 5, None)).Numbers[0].Id, "sorted", Mara, None);
        var freed = await LastAsync();
        await _blocked.BlockAsync(number, "mine", null, Jonas, None);

        (await _undo.ChangeBackAsync(freed, "too early", Mara, None)).ShouldBe("Jonas blocks this number again.");
        (await _database.ScalarAsync<string>("select reason from blocked_senders")).ShouldBe("mine");
    }

    [Fact]
    public async Task Two_at_once_put_a_hold_back_once()
    {
        var hold = await _holds.PlaceAsync(new HoldTarget.Kind("answer"), "storm", null, Mara, None);
        await _holds.LiftAsync(hold, "done", Mara, None);
        var line = await LastAsync();

        var said = await Task.WhenAll(_undo.ChangeBackAsync(line, "one", Mara, None), _undo.ChangeBackAsync(line, "two", Jonas, None));

        said.Count(refusal => refusal is null).ShouldBe(1);
        (await _database.ScalarAsync<long>("select count(*) from holds")).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_may_not_operate_changes_nothing_back()
    {
        await _holds.PlaceAsync(new HoldTarget.Kind("answer"), "storm", null, Mara, None);
        var line = await LastAsync();

        await Should.ThrowAsync<UnauthorizedAccessException>(() => _undo.ChangeBackAsync(line, "x", Mara with { Role = OperatorRoles.Auditor }, None));

        (await _database.ScalarAsync<long>("select count(*) from holds")).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_lifted_and_freed_long_ago_is_forgotten()
    {
        await _database.ExecuteAsync("""
            insert into freed_senders (id, phone_hash, phone_tail, reason, at) select n, sha256(n::text::bytea), '01', 'x', now() - make_interval(days => n) from unnest(array[80, 95]) n;
            insert into lifted_holds (id, kind, reason, at) select n, 'answer', 'x', now() - make_interval(days => n) from unnest(array[80, 95]) n
            """);

        await new Expiry(_database.Databases, _live, TimeProvider.System, NullLogger<Expiry>.Instance).ForgetAsync(None);

        (await _database.ListAsync<long>("select id from freed_senders union all select id from lifted_holds")).ShouldBe([80, 80]);
    }

    [Fact]
    public async Task Reason_given_after_a_stop_stands_beside_the_one_before()
    {
        var switches = new StopSwitches(_database.Databases, _live);
        var ver = await switches.StopAllAsync(Mara, "", None);

        await switches.ExplainAsync(ver, " storm ", Mara, None);
        await switches.ExplainAsync(ver, "storm of texts", Jonas, None);

        (await _database.ListAsync<string>("select actor || ' ' || jsonb_build_array(metadata -> 'before', metadata -> 'after') from audit where action = 'service.explain' order by id"))
            .ShouldBe(["""Mara [{"reason": "none"}, {"reason": "storm"}]""", """Jonas [{"reason": "storm"}, {"reason": "storm of texts"}]"""]);
    }

    private Task<long> LastAsync() => _database.ScalarAsync<long>("select max(id) from audit");

    private Task<string?> TrailAsync() =>
        _database.ScalarAsync<string>("select actor || ' ' || action || ' ' || resource || ' ' || metadata from audit order by id desc limit 1");
}
