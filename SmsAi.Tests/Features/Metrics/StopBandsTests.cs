using SmsAi.Core.Features.Metrics;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The stretches of time in which something was stopped.</summary>
public sealed class StopBandsTests
{
    private static readonly DateTimeOffset From = new(2026, 3, 10, 13, 32, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 14, 31, 57, TimeSpan.Zero);

    private static Flip Stop(string name, int minute, string reason = "") => new(name, true, From.AddMinutes(minute), "Jonas Weber", reason);

    private static Flip Go(string name, int minute) => new(name, false, From.AddMinutes(minute), "Mara Lindqvist", "");

    private static string[] Bands(Flip[] flips, params (string Name, DateTimeOffset At)[] ends) =>
    [
        .. StopBands.Of(flips, ends.ToDictionary(end => end.Name, end => end.At), From, Now)
            .Select(band => $"{band.Switch} {band.From:HH:mm}-{band.Until:HH:mm} {band.By}"),
    ];

    [Fact]
    public void Stop_and_resume_make_a_band() => Bands([Stop("kill", 10), Go("kill", 20)]).ShouldBe(["kill 13:42-13:52 Jonas Weber"]);

    [Fact]
    public void Stop_that_lasts_has_no_end() => Bands([Stop("kill", 10)]).ShouldBe(["kill 13:42- Jonas Weber"]);

    [Fact]
    public void Stop_from_before_the_hour_begins_with_it() =>
        Bands([Stop("pause", -30), Go("pause", 5)]).ShouldBe(["pause 13:32-13:37 Jonas Weber"]);

    [Fact]
    public void Stop_and_resume_before_the_hour_are_no_band() => Bands([Go("kill", -5)]).ShouldBeEmpty();

    [Fact]
    public void Switches_overlap_without_ending_each_other() =>
        Bands([Stop("pause", 1), Stop("kill", 2), Go("pause", 3), Go("kill", 4)])
            .ShouldBe(["pause 13:33-13:35 Jonas Weber", "kill 13:34-13:36 Jonas Weber"]);

    [Fact]
    public void Pause_whose_time_is_over_ended_then() =>
        Bands([Stop("pause", 1)], ("pause", From.AddMinutes(31))).ShouldBe(["pause 13:33-14:03 Jonas Weber"]);

    [Fact]
    public void Pause_that_ends_later_still_stops() => Bands([Stop("pause", 1)], ("pause", Now.AddMinutes(5))).ShouldBe(["pause 13:33- Jonas Weber"]);

    [Fact]
    public void Second_stop_begins_a_band_of_its_own() =>
        Bands([Stop("kill", 1), Stop("kill", 2)]).ShouldBe(["kill 13:33-13:34 Jonas Weber", "kill 13:34- Jonas Weber"]);
}
