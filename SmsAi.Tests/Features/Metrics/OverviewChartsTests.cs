using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.Stopping;
using SmsAi.Tests.Platform;
using SmsAi.Web.Features.Metrics;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The pictures of the last hour and what they say to those who can't see them.</summary>
public sealed class OverviewChartsTests
{
    private readonly ManualTime _time = new();
    private readonly OverviewCharts _charts = new();

    [Fact]
    public void Minutes_become_bars_under_their_local_times()
    {
        Draw(OverviewSamples.Quiet.Hour with { Steps = [At(0, 40, 38), At(1, 45, 43)] });

        _charts.Volume.Labels.ShouldBe(["13:33", "now"]);
        _charts.Volume.Series.Select(series => (series.Name, string.Join(' ', series.Values))).ShouldBe([("out", "38 43"), ("in", "40 45")]);
        _charts.VolumeSentence.ShouldBe("In the last hour 85 texts came in and 81 went out; the fullest minute had 88.");
    }

    [Fact]
    public void Minute_without_answers_is_a_gap()
    {
        Draw(OverviewSamples.Busy.Hour with { Steps = [At(0, 1, 1) with { P50 = 1400, P95 = 2800 }, At(1, 0, 0)] });

        _charts.Times.Series[0].Values.ShouldBe([1.4, null]);
        _charts.TimesSentence.ShouldBe("In the last hour half of the answers took at most 1.4 s, and 95 of 100 at most 2.8 s.");
    }

    [Fact]
    public void Stop_that_still_lasts_is_a_red_band_to_the_end()
    {
        Draw(OverviewSamples.Quiet.Hour with
        {
            Bands =
            [
                new StopBand(Switch.Pause, OverviewSamples.Minute(10).AddSeconds(30), OverviewSamples.Minute(12).AddSeconds(10), "Mara", ""),
                new StopBand(Switch.Kill, OverviewSamples.Minute(54), null, "Jonas", ""),
            ],
        });

        _charts.Volume.Bands.ShouldBe([new ChartBand(10, 13, Tone.Warn), new ChartBand(54, 60, Tone.Stop)]);
    }

    [Fact]
    public void Same_hour_is_not_drawn_twice_and_a_new_one_at_most_once_a_second()
    {
        Draw(OverviewSamples.Quiet.Hour with { Steps = [At(0, 1, 1)] });
        var first = _charts.Volume;

        Draw(OverviewSamples.Quiet.Hour with { Steps = [At(0, 2, 1)] });
        _charts.Volume.ShouldBeSameAs(first);

        _time.Pass(TimeSpan.FromSeconds(1));
        Draw(OverviewSamples.Quiet.Hour with { Steps = [At(0, 2, 1)] });
        var second = _charts.Volume;
        second.ShouldNotBeSameAs(first);

        _time.Pass(TimeSpan.FromSeconds(1));
        Draw(OverviewSamples.Quiet.Hour with { Steps = [At(0, 2, 1)] });
        _charts.Volume.ShouldBeSameAs(second);
    }

    [Fact]
    public void Seven_days_are_drawn_at_once_in_steps_of_three_hours_and_named_so()
    {
        Draw(OverviewSamples.Quiet.Hour);
        _charts.VolumeTitle.ShouldBe("Texts per minute");
        Draw(new OverviewSpan
        {
            Reach = OverviewReach.Week,
            Step = TimeSpan.FromHours(3),
            Steps = [new(new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero), 900, 800, 1400, 2800), new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), 500, 480, null, null)],
            Bands = [new StopBand(Switch.Kill, new(2026, 3, 1, 13, 0, 0, TimeSpan.Zero), null, "Jonas", "")],
            AnswerP50 = 1400,
            AnswerP95 = 2800,
        });

        _charts.VolumeTitle.ShouldBe("Texts per 3 hours");
        _charts.Volume.Labels.ShouldBe(["1 Mar, 09:00", "now"]);
        _charts.Volume.Bands.ShouldBe([new ChartBand(1, 2, Tone.Stop)]);
        _charts.VolumeSentence.ShouldBe("In the last 7 days 1,400 texts came in and 1,280 went out; the fullest 3 hours had 1,700.");
        _charts.TimesSentence.ShouldBe("In the last 7 days half of the answers took at most 1.4 s, and 95 of 100 at most 2.8 s.");
    }

    private static OverviewStep At(int index, int textsIn, int textsOut) => new(OverviewSamples.Minute(index), textsIn, textsOut, null, null);

    private void Draw(OverviewSpan span) => _charts.Draw(span, new BrowserClock(_time), _time);
}
