using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>Pauses that come by themselves, on a real database whose clock decides.</summary>
public sealed class PauseScheduleTests : IAsyncLifetime
{
    private static readonly Actor Mara = new("Mara", 1, OperatorRoles.Operator);
    private static readonly CancellationToken None = CancellationToken.None;

    private TestDatabase _database = null!;
    private LiveFeed _live = null!;
    private PauseSchedules _schedules = null!;
    private StopSwitches _switches = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _live = HandLedger.Live(_database.Databases);
        _schedules = new PauseSchedules(_database.Databases, _live);
        _switches = new StopSwitches(_database.Databases, _live);
    }

    public async ValueTask DisposeAsync()
    {
        _live.Dispose();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Window_that_has_come_pauses_until_its_end_and_the_next_is_written()
    {
        var id = await _schedules.AddAsync(Daily("Carrier maintenance", "Back at 4."), Mara, None);
        var end = await DueAsync(id, began: "10 seconds", ends: "50 minutes");

        (await Clock().RunOnceAsync(None)).ShouldBeTrue();

        var pause = (await _switches.ReadAsync(None)).Pause;
        (pause.IsStopped, pause.Until, pause.Reason, pause.By, pause.AutoAnswer).ShouldBe((true, end, "Carrier maintenance", "schedule", "Back at 4."));
        (await OutcomeAsync(id)).ShouldBe("paused");
        var next = (await _schedules.ReadAsync(None)).Single();
        next.NextStart!.Value.ShouldBeGreaterThan(end);
        (await Clock().RunOnceAsync(None)).ShouldBeFalse("it has begun");
        (await _database.ScalarAsync<string>("select actor || ' ' || action || ' ' || (metadata ->> 'schedule') || ' ' || (metadata -> 'before' ->> 'stopped') from audit order by id desc limit 1"))
            .ShouldBe($"schedule service.pause {id} false");
    }

    [Fact]
    public async Task Replicas_that_look_at_once_begin_it_once()
    {
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        await DueAsync(id, began: "1 second", ends: "1 hour");

        var began = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => Clock().RunOnceAsync(None))));

        began.Count(one => one).ShouldBe(1);
        (await _database.ScalarAsync<long>("select count(*) from control_flips")).ShouldBe(1);
        (await _database.ScalarAsync<long>("select count(*) from pause_runs")).ShouldBe(1);
    }

    [Fact]
    public async Task Stop_during_a_scheduled_pause_stays_when_the_pause_is_over()
    {
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        await DueAsync(id, began: "1 second", ends: "1 hour");
        await Clock().RunOnceAsync(None);
        await _switches.StopAllAsync(Mara, "smoke", None);

        await _database.ExecuteAsync("update controls set until = now() - interval '1 second' where name = 'pause'");
        await _switches.EndPauseAsync(None);

        var state = await _switches.ReadAsync(None);
        (state.Kill.IsStopped, state.Pause.IsStopped).ShouldBe((true, false));
    }

    [Fact]
    public async Task Window_that_comes_while_all_is_stopped_lifts_nothing()
    {
        await _switches.StopAllAsync(Mara, "smoke", None);
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        await DueAsync(id, began: "1 second", ends: "1 hour");

        await Clock().RunOnceAsync(None);

        var state = await _switches.ReadAsync(None);
        (state.Kill.IsStopped, state.Kill.Reason, state.Pause.IsStopped).ShouldBe((true, "smoke", true));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("3 hours")]
    public async Task Pause_made_by_hand_that_lasts_longer_is_left_alone(string? lasts)
    {
        var until = lasts is null ? (DateTimeOffset?)null : DateTimeOffset.UtcNow.AddHours(3);
        await _switches.PauseAsync(until, "by hand", null, Mara, None);
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        await DueAsync(id, began: "1 second", ends: "1 hour");

        await Clock().RunOnceAsync(None);

        var pause = (await _switches.ReadAsync(None)).Pause;
        (pause.IsStopped, pause.Reason, pause.By).ShouldBe((true, "by hand", "Mara"));
        (await OutcomeAsync(id)).ShouldBe("covered");
        (await _database.ScalarAsync<string>("select action from audit order by id desc limit 1")).ShouldBe("schedule.covered");
    }

    [Fact]
    public async Task Pause_made_by_hand_that_ends_within_the_window_is_prolonged_and_keeps_what_people_get()
    {
        await _switches.PauseAsync(DateTimeOffset.UtcNow.AddMinutes(5), "by hand", "Back soon.", Mara, None);
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        var end = await DueAsync(id, began: "1 second", ends: "1 hour");

        await Clock().RunOnceAsync(None);

        var pause = (await _switches.ReadAsync(None)).Pause;
        (pause.Until, pause.AutoAnswer).ShouldBe((end, "Back soon."));
    }

    [Fact]
    public async Task Person_who_resumes_within_the_window_is_not_paused_again()
    {
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        await DueAsync(id, began: "1 second", ends: "1 hour");
        await Clock().RunOnceAsync(None);
        await _switches.ResumeAsync(Switch.Pause, "done early", new Actor("Ada", 2, OperatorRoles.Admin), None);

        // Switched off and on it finds the same window again.
        await _database.ExecuteAsync("update pause_schedules s set next_start = r.starts_at, next_end = r.ends_at from pause_runs r where r.schedule_id = s.id");
        await Clock().RunOnceAsync(None);

        (await _switches.ReadAsync(None)).Pause.IsStopped.ShouldBeFalse();
    }

    [Fact]
    public async Task Windows_that_passed_during_an_outage_are_noted_once_and_the_next_is_ahead()
    {
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        await DueAsync(id, began: "73 hours", ends: "-72 hours");

        (await Clock().RunOnceAsync(None)).ShouldBeTrue();

        (await _switches.ReadAsync(None)).Pause.IsStopped.ShouldBeFalse();
        (await OutcomeAsync(id)).ShouldBe("missed");
        (await _schedules.ReadAsync(None)).Single().NextEnd!.Value.ShouldBeGreaterThan(DateTimeOffset.UtcNow);
        (await Clock().RunOnceAsync(None)).ShouldBeFalse();
        (await _database.ScalarAsync<long>("select count(*) from audit where action = 'schedule.missed'")).ShouldBe(1);
    }

    [Fact]
    public async Task Window_that_still_runs_after_an_outage_begins_late()
    {
        var id = await _schedules.AddAsync(Daily("Maintenance"), Mara, None);
        var end = await DueAsync(id, began: "20 minutes", ends: "40 minutes");

        await Clock().RunOnceAsync(None);

        (await _switches.ReadAsync(None)).Pause.Until.ShouldBe(end);
        (await OutcomeAsync(id)).ShouldBe("late");
    }

    [Fact]
    public async Task Schedule_is_changed_switched_and_removed_only_as_it_was_seen_and_each_act_is_in_the_trail()
    {
        var daily = Daily("Maintenance");
        await _schedules.AddAsync(daily with { Window = daily.Window with { Zone = "Europe/Berlin" } }, Mara, None);
        var seen = (await _schedules.ReadAsync(None)).Single();
        var plan = seen.Plan with { Window = seen.Plan.Window with { To = new(5, 0) } };

        (await _schedules.ChangeAsync(seen, plan, Mara, None)).ShouldBe(ScheduleOutcome.Done);
        (await _schedules.ChangeAsync(seen, plan, Mara, None)).ShouldBe(ScheduleOutcome.Conflict);
        var changed = (await _schedules.ReadAsync(None)).Single();
        (await _schedules.SwitchAsync(changed, false, Mara, None)).ShouldBe(ScheduleOutcome.Done);
        (await _schedules.ReadAsync(None)).Single().NextStart.ShouldBeNull();
        (await _schedules.RemoveAsync(changed, Mara, None)).ShouldBe(ScheduleOutcome.Conflict);
        (await _schedules.RemoveAsync((await _schedules.ReadAsync(None)).Single(), Mara, None)).ShouldBe(ScheduleOutcome.Done);

        (await _schedules.ReadAsync(None)).ShouldBeEmpty();
        (await _database.ListAsync<string>("select action || coalesce(': ' || (metadata -> 'before' ->> 'when') || ' > ' || (metadata -> 'after' ->> 'when'), '') from audit order by id")).ShouldBe(
        [
            "schedule.add",
            "schedule.change: Every day 02:00 to 04:00, Europe/Berlin > Every day 02:00 to 05:00, Europe/Berlin",
            "schedule.off: Every day 02:00 to 05:00, Europe/Berlin > Every day 02:00 to 05:00, Europe/Berlin",
            "schedule.remove",
        ]);
    }

    [Fact]
    public async Task Who_may_not_operate_schedules_nothing()
    {
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _schedules.AddAsync(Daily("x"), new Actor("Vera", 3, OperatorRoles.Viewer), None));
        (await Should.ThrowAsync<ArgumentException>(() => _schedules.AddAsync(Daily(" "), Mara, None))).Message.ShouldStartWith("Say why, in a few words.");
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    /// <summary>From two to four in the night, where it is afternoon now: no test may depend on the hour it runs at.</summary>
    private static PausePlan Daily(string reason, string? answer = null)
    {
        var ahead = 14 - DateTime.UtcNow.Hour;
        // POSIX counts these the other way round.
        var zone = ahead == 0 ? "Etc/GMT" : $"Etc/GMT{(ahead > 0 ? "-" : "+")}{Math.Abs(ahead)}";
        return new(new PauseWindow(zone, null, PauseDays.All, new(2, 0), new(4, 0)), reason, answer);
    }

    private PauseClock Clock() => new(_database.Databases, _live, TimeProvider.System, NullLogger<PauseClock>.Instance);

    /// <summary>The schedule's window as if it had come so long ago; its end is the result.</summary>
    private async Task<DateTimeOffset> DueAsync(long id, string began, string ends) => new(await _database.ScalarAsync<DateTime>(
        "update pause_schedules set next_start = now() - $2::interval, next_end = now() + $3::interval where id = $1 returning next_end", id, began, ends));

    private Task<string?> OutcomeAsync(long id) => _database.ScalarAsync<string>("select outcome from pause_runs where schedule_id = $1", id);
}
