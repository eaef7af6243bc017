using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform;
using SmsAi.Web.Features.Stopping;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>Scheduling a pause, as an operator does it.</summary>
public sealed class ScheduleDialogTests : ControlsBench
{
    [Fact]
    public async Task Pause_is_scheduled_with_its_days_its_zone_and_what_people_get()
    {
        SignIn();
        var dialog = Render<ScheduleDialog>();
        dialog.Find("button[title=Saturday]").Click();
        dialog.Find("#schedule-from").Change("22:00:00");
        dialog.Find("#schedule-to").Change("01:30:00");
        dialog.Find("#schedule-zone").Change("America/New_York");

        await dialog.Find("form").SubmitAsync();
        dialog.FindAll(".fault").Select(fault => fault.TextContent).ShouldBe(["Say why, in a few words."]);

        dialog.Find("#schedule-reason").Change("Carrier maintenance");
        dialog.Find("#schedule-answer").Change("Back at 1:30.");
        await dialog.Find("form").SubmitAsync();

        await Until.EqualAsync(
            "America/New_York 96 22:00:00 01:30:00 Carrier maintenance Back at 1:30. Mara",
            () => Database.ScalarAsync<string>("select concat_ws(' ', zone, days, from_time, to_time, reason, auto_answer, by_name) from pause_schedules"));
    }

    [Fact]
    public async Task Place_nobody_knows_is_named_and_nothing_is_scheduled()
    {
        SignIn();
        var dialog = Render<ScheduleDialog>();
        dialog.Find("#schedule-zone").Change("Middle-earth/Shire");
        dialog.Find("#schedule-reason").Change("x");

        await dialog.Find("form").SubmitAsync();

        dialog.Find(".fault").TextContent.ShouldBe("There is no such time zone. Name a place as in Europe/Berlin.");
        (await Database.ScalarAsync<long>("select count(*) from pause_schedules")).ShouldBe(0);
    }

    [Fact]
    public async Task Somebody_elses_change_meanwhile_is_not_overwritten()
    {
        SignIn();
        var seen = await ScheduleAsync();
        var dialog = Render<ScheduleDialog>(p => p.Add(d => d.Seen, seen));
        var schedules = Services.GetRequiredService<PauseSchedules>();
        await schedules.ChangeAsync(seen, seen.Plan with { Reason = "theirs" }, new("Ada", 2, OperatorRoles.Admin), CancellationToken.None);

        await dialog.Find("form").SubmitAsync();

        dialog.WaitForAssertion(() => dialog.Find(".fault").TextContent.ShouldStartWith("Ada changed this schedule while you edited."), Patience);
        (await Database.ScalarAsync<string>("select reason from pause_schedules")).ShouldBe("theirs");
    }

    [Fact]
    public async Task List_says_when_it_comes_next_and_switches_it_off()
    {
        SignIn();
        var seen = await ScheduleAsync();
        var list = Render<ScheduleList>(p => p.Add(l => l.Schedules, [seen]));
        list.Find("li .medium").TextContent.ShouldBe("Every Sunday 02:00 to 04:00, Europe/Berlin");
        list.Find("li .small").TextContent.ShouldMatch("^Carrier maintenance · (next .+|now) · people get “Back at 4:00”$");

        list.Find("input[role=switch]").Change(false);

        await Until.EqualAsync(false, () => Database.ScalarAsync<bool>("select is_enabled from pause_schedules"));
    }

    [Fact]
    public async Task Viewer_sees_schedules_and_changes_none()
    {
        SignIn(OperatorRoles.Viewer);
        var list = Render<ScheduleList>();
        var seen = await ScheduleAsync();
        list.Render(p => p.Add(l => l.Schedules, [seen]));

        list.Find("input[role=switch]").HasAttribute("disabled").ShouldBeTrue();
        list.FindAll("button").ShouldBeEmpty();
    }
}
