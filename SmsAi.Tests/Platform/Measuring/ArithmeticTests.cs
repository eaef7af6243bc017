using SmsAi.Bench;
using SmsAi.Bench.Load;
using SmsAi.Bench.Measuring;

namespace SmsAi.Tests.Platform.Measuring;

/// <summary>What the bench computes, on figures small enough to check by hand.</summary>
public sealed class ArithmeticTests
{
    [Fact]
    public void Percentiles_are_times_that_were_measured()
    {
        var of = Percentiles.Of(Enumerable.Range(1, 200).Reverse().Select(ms => TimeSpan.FromMilliseconds(ms)));

        of.ShouldBe(new Percentiles(100, 190, 198, 200));
        Percentiles.Of([TimeSpan.FromMilliseconds(7)]).ShouldBe(new Percentiles(7, 7, 7, 7));
        Percentiles.Of([]).ShouldBe(default);
    }

    [Fact]
    public void A_schedule_spreads_texts_evenly_and_counts_what_a_late_look_missed()
    {
        var schedule = new Schedule(PerSecond: 200, Begin: 5_000, TicksPerSecond: 1_000);

        schedule.DueAt(0).ShouldBe(5_000);
        schedule.DueAt(1).ShouldBe(5_005);
        schedule.DueAt(400).ShouldBe(7_000);
        schedule.DueUntil(4_999).ShouldBe(0);
        schedule.DueUntil(5_000).ShouldBe(1);
        schedule.DueUntil(5_004).ShouldBe(1);
        schedule.DueUntil(5_005).ShouldBe(2);
        schedule.DueUntil(6_000).ShouldBe(201);
    }

    [Theory]
    [InlineData(1.5, true)]
    [InlineData(1.51, false)]
    public void An_upper_bound_may_be_reached_and_not_passed(double figure, bool met) =>
        Aim.AtMost(1.5, "CPU by the floor's", figure).IsMet.ShouldBe(met);

    [Fact]
    public void An_aim_says_whether_it_is_met_and_what_it_asks()
    {
        Aim.AtLeast(0.9, "Last round by first", 0.8).ToString().ShouldBe("not met Last round by first: 0.8, at least 0.9");
        Aim.AtMost(50, "Webhook p95", 49.95, "ms").ToString().ShouldBe("met     Webhook p95: 49.95 ms, at most 50 ms");
    }

    [Fact]
    public void The_mean_of_rounds_keeps_who_used_what() =>
        CpuPerText.Mean([new(0.2, 0.1, 0), new(0.4, 0.2, 0.02)]).All.ShouldBe(0.46, 0.0001);

    [Fact]
    public void Options_name_a_scenario_and_its_sizes()
    {
        var options = BenchOptions.Read(["open", "--rates", "20,50", "--seconds", "5", "--set", "Queue:TurnsAtOnce=64"]).ShouldNotBeNull();

        options.Rates.ShouldBe([20, 50]);
        (options.Duration, options.Json, options.Settings["Queue:TurnsAtOnce"]).ShouldBe((TimeSpan.FromSeconds(5), "bench-open.json", "64"));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("road", "--texts")]
    [InlineData("road", "--texts", "0")]
    [InlineData("road", "--floor", "perhaps")]
    [InlineData("open", "--rates", "200,fast")]
    [InlineData]
    public void What_there_is_not_is_answered_with_the_usage(params string[] line) => BenchOptions.Read(line).ShouldBeNull();
}
